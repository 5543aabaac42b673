// What the residual pass projects each row on: V, and with a classifier what NCC needs.
import type { Classifier } from './features.ts'
import type { Directions } from './directions.ts'
import { multiplyNT, padRows } from './matrix.ts'
import { type Means, squaredDistances } from './means.ts'

/** How to tell the nearest class centre and the classifier's choice from a row's projections:
 * z . M_k = coordinates_k . projections[at .. at+columns), W_k . z = projections[weightAt + k]. */
export interface Choice {
  readonly at: number
  readonly columns: number
  readonly coordinates: Float64Array
  readonly distances: Float64Array
  readonly weightAt: number
  readonly logits: Float64Array
}

/** Means and directions of a residual pass: `directions` [width, d], the first `rank` rows V. */
export interface Frame {
  readonly classes: number
  readonly d: number
  readonly means: Float64Array
  readonly rank: number
  readonly width: number
  readonly directions: Float64Array
  readonly choice: Choice | null
}

const identity = (n: number): Float64Array => {
  const eye = new Float64Array(n * n)
  for (let i = 0; i < n; i++) eye[i * n + i] = 1
  return eye
}

const stack = (parts: ReadonlyArray<ArrayLike<number>>): Float64Array => {
  const all = new Float64Array(parts.reduce((n, part) => n + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** The frame without a classifier: squared lengths and the energies along V. */
export const plainFrame = (means: Means, { rank, basis }: Directions): Frame => ({
  classes: means.classes,
  d: means.d,
  means: means.means,
  rank,
  width: rank,
  directions: padRows(basis, rank, means.d),
  choice: null,
})

// W mu_y + b for all pairs [y, k].
const logitsAtMeans = (means: Means, { weight, bias }: Classifier): Float64Array => {
  const { classes, d } = means
  const logits = multiplyNT(means.means, classes, weight, classes, d)
  return logits.map((x, at) => x + (bias?.[at % classes] ?? 0))
}

/** The frame with a classifier W [K, d], b [K]. Where V spans all differences of means, distances
 * to the means come from V's coordinates; else (cut eigenvalues) the rows of M are projected on. */
export const choiceFrame = (means: Means, directions: Directions, last: Classifier): Frame => {
  const { classes, d, centred } = means
  const { rank, basis } = directions
  const full = rank === Math.min(classes - 1, d)
  const parts = full ? [basis, last.weight] : [basis, centred, last.weight]
  const weightAt = full ? rank : rank + classes
  const width = weightAt + classes
  return {
    ...plainFrame(means, directions),
    width,
    directions: padRows(stack(parts), width, d),
    choice: {
      at: full ? 0 : rank,
      columns: full ? rank : classes,
      coordinates: full ? multiplyNT(centred, classes, basis, rank, d) : identity(classes),
      distances: squaredDistances(means),
      weightAt,
      logits: logitsAtMeans(means, last),
    },
  }
}
