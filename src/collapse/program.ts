// A measurement as data: the passes it asks for, one after the other, whoever reads the rows.
import * as E from 'fp-ts/Either'
import type { ClassStats } from './class-stats.ts'
import { checkFeatures, type Features, type Labels } from './features.ts'
import type { Frame } from './frame.ts'
import type { MetricError } from './metric-error.ts'
import { foldingOf, type Pass, type PassSum, type Size } from './passes.ts'
import type { Residuals } from './residuals.ts'

/** A value, or a pass over all rows whose sum leads on. Never asks twice for the same pass
 * unless it is handed the sum of another. */
export type Program<A> =
  | { readonly _tag: 'Done'; readonly value: A }
  | {
      readonly _tag: 'Ask'
      readonly pass: Pass
      readonly resume: (sum: PassSum) => Program<A>
    }

/** A program that asks for nothing. */
export const done = <A>(value: A): Program<A> => ({ _tag: 'Done', value })

/** Asks for the class statistics. */
export const askSums = <A>(next: (stats: ClassStats) => Program<A>): Program<A> => ({
  _tag: 'Ask',
  pass: { _tag: 'Sums' },
  resume: sum => (sum._tag === 'Sums' ? next(sum.stats) : askSums(next)),
})

/** Asks for the first row with NaN or Inf. */
export const askFinite = <A>(next: (row: number) => Program<A>): Program<A> => ({
  _tag: 'Ask',
  pass: { _tag: 'Finite' },
  resume: sum => (sum._tag === 'Finite' ? next(sum.row) : askFinite(next)),
})

/** Asks for the residual statistics in a frame. */
export const askResiduals = <A>(
  frame: Frame,
  next: (residuals: Residuals) => Program<A>,
): Program<A> => ({
  _tag: 'Ask',
  pass: { _tag: 'Residuals', frame },
  resume: sum => (sum._tag === 'Residuals' ? next(sum.residuals) : askResiduals(frame, next)),
})

/** Asks for H_k^T H_k v_k of the active classes. */
export const askProducts = <A>(
  vectors: Float64Array,
  active: Uint8Array,
  centres: Float64Array | null,
  next: (products: Float64Array) => Program<A>,
): Program<A> => ({
  _tag: 'Ask',
  pass: { _tag: 'Products', vectors, active, centres },
  resume: sum =>
    sum._tag === 'Products' ? next(sum.products) : askProducts(vectors, active, centres, next),
})

/** Asks for the upper triangles of all H_k^T H_k. */
export const askGrams = <A>(
  centres: Float64Array | null,
  next: (grams: Float64Array) => Program<A>,
): Program<A> => ({
  _tag: 'Ask',
  pass: { _tag: 'Grams', centres },
  resume: sum => (sum._tag === 'Grams' ? next(sum.grams) : askGrams(centres, next)),
})

/** Goes on with a second program from the value of the first. */
export const chain = <A, B>(program: Program<A>, next: (value: A) => Program<B>): Program<B> =>
  program._tag === 'Done'
    ? next(program.value)
    : { ...program, resume: sum => chain(program.resume(sum), next) }

/** Goes on from a right value; a left one ends the program. */
export const chainRight = <X, A, B>(
  program: Program<E.Either<X, A>>,
  next: (value: A) => Program<E.Either<X, B>>,
): Program<E.Either<X, B>> =>
  chain(program, result => (E.isLeft(result) ? done(result) : next(result.right)))

/** Runs a program over rows in memory. */
export const runInMemory = <A>(
  features: Features,
  labels: Labels,
  programFor: (size: Size) => Program<E.Either<MetricError, A>>,
): E.Either<MetricError, A> => {
  const checked = checkFeatures(features, labels)
  if (E.isLeft(checked)) return checked
  const { ids, classes } = checked.right
  const size = { classes, d: features.d }
  let program = programFor(size)
  while (program._tag === 'Ask') {
    const folding = foldingOf(program.pass, size)
    folding.add({ data: features.data, ids, first: 0 })
    program = program.resume(folding.sum())
  }
  return program.value
}
