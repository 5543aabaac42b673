// Changes of features under which a metric may be invariant: rotation, maps, scale, shift, order.
import fc from 'fast-check'
import { normals, permutation } from '../../src/core/random.ts'
import type { Sample } from './features.ts'

/** A square matrix [d, d] by rows. */
export type Square = ReadonlyArray<ReadonlyArray<number>>

const dot = (a: ReadonlyArray<number>, b: ReadonlyArray<number>): number =>
  a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0)

const randomRows = (d: number, seed: number): Square => {
  const next = normals(seed, 'matrix')
  return Array.from({ length: d }, () => Array.from({ length: d }, () => next()))
}

/** A random orthogonal matrix: Gram-Schmidt, twice for accuracy. */
export const rotationOf = (d: number, seed: number): Square => {
  const done: Array<ReadonlyArray<number>> = []
  const clear = (v: ReadonlyArray<number>) =>
    done.reduce((w, q) => w.map((x, j) => x - dot(w, q) * (q[j] ?? 0)), v)
  for (const row of randomRows(d, seed)) {
    const clean = clear(clear(row))
    const norm = Math.sqrt(dot(clean, clean))
    done.push(clean.map(x => x / norm))
  }
  return done
}

/** A random invertible matrix far from singular: a rotation, a stretch by 1/2 .. 2, a rotation. */
export const invertibleOf = (d: number, seed: number): Square => {
  const [a, b] = [rotationOf(d, seed), rotationOf(d, seed + 1)]
  const stretch = (j: number): number => 2 ** (2 * ((j * 0.618 + 0.3) % 1) - 1)
  return a.map(row =>
    b.map((_, j) =>
      dot(
        row.map((x, i) => x * stretch(i)),
        b.map(r => r[j] ?? 0),
      ),
    ),
  )
}

const edit = (sample: Sample, row: (h: ReadonlyArray<number>) => ReadonlyArray<number>): Sample => {
  const { data, n, d } = sample.features
  const changed = new Float64Array(n * d)
  for (let i = 0; i < n; i++) {
    changed.set(row(Array.from(data.subarray(i * d, i * d + d))), i * d)
  }
  return { ...sample, features: { data: changed, n, d } }
}

/** Every feature multiplied by a matrix. */
export const mapped = (sample: Sample, matrix: Square): Sample =>
  edit(sample, h => matrix.map(row => dot(row, h)))

/** Every feature multiplied by a number. */
export const scaled = (sample: Sample, by: number): Sample => edit(sample, h => h.map(x => x * by))

/** Every feature moved by the same vector. */
export const shifted = (sample: Sample, by: (j: number) => number): Sample =>
  edit(sample, h => h.map((x, j) => x + by(j)))

/** The samples in the order of `rows`, which may leave some out or repeat some. */
export const picked = (sample: Sample, rows: ReadonlyArray<number>): Sample => {
  const { data, d } = sample.features
  const chosen = new Float64Array(rows.length * d)
  rows.forEach((row, i) => {
    chosen.set(data.subarray(row * d, row * d + d), i * d)
  })
  return {
    features: { data: chosen, n: rows.length, d },
    labels: rows.map(row => sample.labels[row] ?? 0),
    classes: sample.classes,
  }
}

/** The classes renamed: class k becomes `names[k]`. */
export const relabelled = (sample: Sample, names: ReadonlyArray<number>): Sample => ({
  ...sample,
  labels: sample.labels.map(k => names[k] ?? k),
})

/** The same sample with every residual h - mu_y multiplied by t. */
export const shrunk = (sample: Sample, t: number): Sample => {
  const { data, n, d } = sample.features
  const mean = (k: number, j: number): number => {
    const rows = sample.labels.flatMap((label, i) => (label === k ? [i] : []))
    return rows.reduce((sum, i) => sum + (data[i * d + j] ?? 0), 0) / rows.length
  }
  const means = Array.from({ length: sample.classes }, (_, k) =>
    Array.from({ length: d }, (_, j) => mean(k, j)),
  )
  const changed = data.map((x, at) => {
    const centre = means[sample.labels[Math.floor(at / d)] ?? 0]?.[at % d] ?? 0
    return centre + t * (x - centre)
  })
  return { ...sample, features: { data: changed, n, d } }
}

/** A change that leaves the geometry of classes as it is, with its name. */
export interface Motion {
  readonly name: string
  readonly apply: (sample: Sample) => Sample
}

const motion = (kind: string, seed: number): Motion => {
  const next = normals(seed, 'motion')
  const factor = 2 ** (next() * 3)
  const shift = Array.from({ length: 512 }, () => 3 * next())
  const apply = (sample: Sample): Sample => {
    const { features, classes } = sample
    switch (kind) {
      case 'rotation':
        return mapped(sample, rotationOf(features.d, seed))
      case 'scale':
        return scaled(sample, factor)
      case 'translation':
        return shifted(sample, j => shift[j % shift.length] ?? 0)
      case 'order':
        return picked(sample, Array.from(permutation(features.n, seed, 'order')))
      default:
        return relabelled(sample, Array.from(permutation(classes, seed, 'names')))
    }
  }
  return { name: `${kind} ${seed}`, apply }
}

/** Kinds of motions. */
export type MotionKind = 'rotation' | 'scale' | 'translation' | 'order' | 'relabelling'

/** Motions of the given kinds: under the right ones a metric must not change. */
export const motions = (...kinds: ReadonlyArray<MotionKind>): fc.Arbitrary<Motion> =>
  fc.tuple(fc.constantFrom(...kinds), fc.nat(2 ** 30)).map(([kind, seed]) => motion(kind, seed))

/** All kinds: what the metrics of class geometry are invariant to. */
export const allMotions: ReadonlyArray<MotionKind> = [
  'rotation',
  'scale',
  'translation',
  'order',
  'relabelling',
]
