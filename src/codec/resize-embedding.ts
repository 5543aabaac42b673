// Position embeddings of a vision transformer for another number of patches: the grid of them is resized.
import type { Weight } from './weights.ts'

/** Keys' cubic convolution with a = -0.75, PyTorch's `bicubic`: weights of the four samples around x = 1 + t. */
const cubic = (t: number): readonly [number, number, number, number] => {
  const a = -0.75
  const near = (x: number): number => ((a + 2) * x - (a + 3)) * x * x + 1
  const far = (x: number): number => ((x - 5) * x + 8) * x * a - 4 * a
  return [far(1 + t), near(t), near(1 - t), far(2 - t)]
}

interface Tap {
  readonly index: number
  readonly weight: number
}

/** For each of `to` samples of a line of `from`, ends on ends: what it is made of. */
const tapsOf = (from: number, to: number): ReadonlyArray<ReadonlyArray<Tap>> =>
  Array.from({ length: to }, (_, i) => {
    const x = to > 1 ? (i * (from - 1)) / (to - 1) : 0
    const first = Math.floor(x)
    return cubic(x - first).map((weight, k) => ({
      index: Math.min(Math.max(first - 1 + k, 0), from - 1),
      weight,
    }))
  })

const sideOf = (tokens: number): number => Math.sqrt(tokens - 1)

/** Can embeddings [1, 1 + n^2, D] of this shape be resized to `tokens` = 1 + m^2? */
export const isResizable = (shape: ReadonlyArray<number>, tokens: number): boolean =>
  shape.length === 3 &&
  shape[0] === 1 &&
  [shape[1] ?? 0, tokens].every(n => n > 1 && Number.isInteger(sideOf(n)))

/**
 * Embeddings [1, 1 + n^2, D] for `tokens` = 1 + m^2: the class token's as it is, the grid n x n resized to m x m by
 * bicubic interpolation with corners on corners, as torchvision's `interpolate_embeddings`.
 */
export const resizeEmbedding = ({ shape, data, dtype }: Weight, tokens: number): Weight => {
  const width = shape[2] ?? 0
  const [from, to] = [sideOf(shape[1] ?? 2), sideOf(tokens)]
  const taps = tapsOf(from, to)
  const resized = new Float32Array(tokens * width)
  resized.set(data.subarray(0, width))
  taps.forEach((rows, y) => {
    taps.forEach((columns, x) => {
      for (let c = 0; c < width; c++) {
        let sum = 0
        for (const row of rows) {
          for (const column of columns) {
            const place = 1 + row.index * from + column.index
            sum += row.weight * column.weight * (data[place * width + c] ?? 0)
          }
        }
        resized[(1 + y * to + x) * width + c] = sum
      }
    })
  })
  return { shape: [1, tokens, width], data: resized, dtype }
}
