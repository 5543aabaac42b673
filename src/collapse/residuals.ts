// Second-pass statistics about the class means: a monoid under addition, like the first pass.
import type { Monoid } from 'fp-ts/Monoid'
import { addPadded } from './class-stats.ts'
import type { Block } from './features.ts'
import type { Choice, Frame } from './frame.ts'
import { threes, triples } from './matrix.ts'
import { centreRow, dots3x3, squaredNorm } from './row-kernels.ts'

/** Sums over the samples of each class, with z = h - mu_y: `within` sum ||z||^2 [K], `energy`
 * sum ||h||^2 [K], `projected` sum (v_j . z)^2 [K, rank]; `mismatches` [1] counts the samples
 * whose nearest centre is not the classifier's choice. */
export interface Residuals {
  readonly within: Float64Array
  readonly energy: Float64Array
  readonly projected: Float64Array
  readonly mismatches: Float64Array
}

/** Nothing summed yet, for frames with `classes` classes and `rank` directions. */
export const zeroResiduals = (classes: number, rank: number): Residuals => ({
  within: new Float64Array(classes),
  energy: new Float64Array(classes),
  projected: new Float64Array(classes * rank),
  mismatches: new Float64Array(1),
})

/** The sums over both sets of samples, taken in the same frame. */
export const concatResiduals = (a: Residuals, b: Residuals): Residuals => ({
  within: addPadded(a.within, b.within),
  energy: addPadded(a.energy, b.energy),
  projected: addPadded(a.projected, b.projected),
  mismatches: addPadded(a.mismatches, b.mismatches),
})

/** Residual statistics of one frame form a commutative monoid under addition. */
export const residualsMonoid: Monoid<Residuals> = {
  empty: zeroResiduals(0, 0),
  concat: concatResiduals,
}

// argmin_k ||h - mu_k||^2, up to ||h - mu_y||^2: -2 z . (M_k - M_y) + ||mu_k - mu_y||^2.
const nearest = (c: Choice, p: Float64Array, at: number, y: number, classes: number): number => {
  let best = 0
  let least = Number.POSITIVE_INFINITY
  for (let k = 0; k < classes; k++) {
    let along = 0
    for (let j = 0; j < c.columns; j++) {
      const to = c.coordinates[k * c.columns + j] ?? 0
      const from = c.coordinates[y * c.columns + j] ?? 0
      along += (to - from) * (p[at + c.at + j] ?? 0)
    }
    const distance = (c.distances[k * classes + y] ?? 0) - 2 * along
    if (distance < least) {
      least = distance
      best = k
    }
  }
  return best
}

const chosen = (c: Choice, p: Float64Array, at: number, y: number, classes: number): number => {
  let best = 0
  let most = Number.NEGATIVE_INFINITY
  for (let k = 0; k < classes; k++) {
    const logit = (c.logits[y * classes + k] ?? 0) + (p[at + c.weightAt + k] ?? 0)
    if (logit > most) {
      most = logit
      best = k
    }
  }
  return best
}

const bump = (xs: Float64Array, at: number, by: number): void => {
  xs[at] = (xs[at] ?? 0) + by
}

// As many rows as keep their float64 residuals within half a megabyte; a multiple of three.
const rowsOfTile = (d: number): number =>
  3 * Math.min(10, Math.max(1, Math.floor(2 ** 19 / (24 * d))))

/** A function that adds blocks of rows to `sums` in place; its scratch space is made once. */
export const residualAdder = (frame: Frame, sums: Residuals): ((block: Block) => void) => {
  const { classes, d, rank, width, choice } = frame
  const stride = threes(width)
  const tileRows = rowsOfTile(d)
  const z = new Float64Array(tileRows * d)
  const p = new Float64Array(tileRows * stride)
  const zs = triples(z, d)
  const directions = triples(frame.directions, d)
  const tile = ({ data, ids }: Block, from: number, rows: number): void => {
    for (let i = 0; i < rows; i++) {
      const y = ids[from + i] ?? 0
      bump(sums.within, y, centreRow(data, (from + i) * d, d, frame.means, y * d, z, i * d))
      bump(sums.energy, y, squaredNorm(data, (from + i) * d, d))
    }
    directions.forEach((triple, j) => {
      for (let i = 0; 3 * i < rows; i++) {
        dots3x3(zs[i] ?? z, triple, d, p, 3 * (i * stride + j), stride)
      }
    })
    for (let i = 0; i < rows; i++) {
      const y = ids[from + i] ?? 0
      const at = i * stride
      for (let j = 0; j < rank; j++) bump(sums.projected, y * rank + j, (p[at + j] ?? 0) ** 2)
      if (choice === null) continue
      if (nearest(choice, p, at, y, classes) !== chosen(choice, p, at, y, classes)) {
        bump(sums.mismatches, 0, 1)
      }
    }
  }
  return block => {
    for (let from = 0; from < block.ids.length; from += tileRows) {
      tile(block, from, Math.min(tileRows, block.ids.length - from))
    }
  }
}
