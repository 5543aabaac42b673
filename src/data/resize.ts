// Resizing as PIL does it on bytes: separable, antialiased when it shrinks, exact to the bit.
import type { Pixels, Rectangle, Size } from './pixels.ts'

/** `bilinear`: a triangle; `bicubic`: Catmull-Rom (a = -0.5). Both widen with the shrinking factor. */
export type Interpolation = 'bilinear' | 'bicubic'

interface Filter {
  readonly support: number
  readonly at: (x: number) => number
}

const filters: { readonly [name in Interpolation]: Filter } = {
  bilinear: { support: 1, at: x => Math.max(0, 1 - Math.abs(x)) },
  bicubic: {
    support: 2,
    at: signed => {
      const x = Math.abs(signed)
      if (x < 1) return (1.5 * x - 2.5) * x * x + 1
      return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0
    },
  },
}

/** For each of `count` results: the first source sample, how many, and their weights times 2^22. */
interface Taps {
  readonly width: number
  readonly first: Int32Array
  readonly counts: Int32Array
  readonly weights: Int32Array
}

const FRACTION_BITS = 22
const HALF = 1 << (FRACTION_BITS - 1)

const fixed = (w: number): number => Math.trunc(w * 2 ** FRACTION_BITS + (w < 0 ? -0.5 : 0.5))

/** Pillow's precompute_coeffs for results `offset` .. `offset + count - 1` of `to`. */
const tapsOf = (
  from: number,
  to: number,
  offset: number,
  count: number,
  { support, at }: Filter,
): Taps => {
  const scale = from / to
  const spread = Math.max(1, scale)
  const reach = support * spread
  const width = Math.ceil(reach) * 2 + 1
  const taps = {
    width,
    first: new Int32Array(count),
    counts: new Int32Array(count),
    weights: new Int32Array(count * width),
  }
  for (let i = 0; i < count; i++) {
    const centre = (offset + i + 0.5) * scale
    const first = Math.max(0, Math.trunc(centre - reach + 0.5))
    const last = Math.min(from, Math.trunc(centre + reach + 0.5))
    const raw = Array.from({ length: last - first }, (_, k) =>
      at((k + first - centre + 0.5) / spread),
    )
    const sum = raw.reduce((a, b) => a + b, 0)
    taps.first[i] = first
    taps.counts[i] = last - first
    raw.forEach((w, k) => {
      taps.weights[i * width + k] = fixed(sum === 0 ? w : w / sum)
    })
  }
  return taps
}

const byte = (sum: number): number => {
  const v = sum >> FRACTION_BITS
  return v < 0 ? 0 : v > 255 ? 255 : v
}

interface Lines {
  readonly bytes: Uint8Array
  readonly channels: number
}

/** Rows `top` .. `top + height - 1` of an image of `from` columns, resampled along each row. */
const alongRows = (
  { bytes, channels }: Lines,
  from: number,
  top: number,
  height: number,
  { width, first, counts, weights }: Taps,
): Uint8Array => {
  const columns = first.length
  const out = new Uint8Array(height * columns * channels)
  let o = 0
  for (let y = 0; y < height; y++) {
    const row = (top + y) * from * channels
    for (let x = 0; x < columns; x++) {
      const start = row + (first[x] ?? 0) * channels
      const n = counts[x] ?? 0
      const w = x * width
      for (let c = 0; c < channels; c++) {
        let sum = HALF
        for (let k = 0; k < n; k++) {
          sum += (bytes[start + k * channels + c] ?? 0) * (weights[w + k] ?? 0)
        }
        out[o++] = byte(sum)
      }
    }
  }
  return out
}

/** Resampled along each column, where row 0 of `bytes` is source row `top` and rows are `stride` bytes long. */
const alongColumns = (
  bytes: Uint8Array,
  stride: number,
  top: number,
  { width, first, counts, weights }: Taps,
): Uint8Array => {
  const rows = first.length
  const out = new Uint8Array(rows * stride)
  for (let y = 0; y < rows; y++) {
    const start = ((first[y] ?? 0) - top) * stride
    const n = counts[y] ?? 0
    const w = y * width
    for (let x = 0; x < stride; x++) {
      let sum = HALF
      for (let k = 0; k < n; k++)
        sum += (bytes[start + k * stride + x] ?? 0) * (weights[w + k] ?? 0)
      out[y * stride + x] = byte(sum)
    }
  }
  return out
}

/**
 * The rectangle `part` of the image resized to `to`; `part` lies within it. Only what the rectangle needs is computed.
 * The arithmetic is Pillow's for 8-bit images: rows first, then columns, weights of 22 fractional bits.
 */
export const resizePart = (
  image: Pixels,
  to: Size,
  part: Rectangle,
  interpolation: Interpolation,
): Pixels => {
  const filter = filters[interpolation]
  const { channels } = image
  const across = tapsOf(image.width, to.width, part.left, part.width, filter)
  const down = tapsOf(image.height, to.height, part.top, part.height, filter)
  const top = down.first[0] ?? 0
  const end = (down.first.at(-1) ?? 0) + (down.counts.at(-1) ?? 0)
  const rows = alongRows(image, image.width, top, end - top, across)
  const bytes = alongColumns(rows, part.width * channels, top, down)
  return { width: part.width, height: part.height, channels, bytes }
}
