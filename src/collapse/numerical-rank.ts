// Numerical rank of the classes' features (Li et al. 2023, appendix A): stable rank, class by class.
import * as E from 'fp-ts/Either'
import { type Conventions, conventions, paper } from './conventions.ts'
import type { Features, Labels } from './features.ts'
import { type Lanczos, lanczosDone, startLanczos, stepLanczos } from './lanczos.ts'
import type { Means } from './means.ts'
import { type MetricError, zeroFeatures } from './metric-error.ts'
import {
  askGrams,
  askProducts,
  chain,
  chainRight,
  done,
  type Program,
  runInMemory,
} from './program.ts'
import type { Residuals } from './residuals.ts'
import { meansProgram, type Summary, summaryProgram } from './summary.ts'
import { symmetricEigen } from './symmetric-eigen.ts'
import { finiteOr } from './traces.ts'

/** At most this wide, one pass that sums d x d Gram matrices is cheaper than Lanczos steps. */
const gramWidth = 48

const largestOfGrams = (grams: Float64Array, { classes, d }: Means): Float64Array =>
  Float64Array.from({ length: classes }, (_, k) => {
    const gram = grams.slice(k * d * d, (k + 1) * d * d)
    for (let i = 0; i < d; i++) for (let j = 0; j < i; j++) gram[i * d + j] = gram[j * d + i] ?? 0
    return symmetricEigen(gram, d).values[0] ?? 0
  })

const iterate = (state: Lanczos, centres: Float64Array | null): Program<Float64Array> =>
  lanczosDone(state)
    ? done(state.values)
    : askProducts(state.vectors, state.active, centres, products =>
        iterate(stepLanczos(state, products), centres),
      )

/** ||H_k||_2^2 of every class, to 1e-10: by Gram matrices where d is small, else by Lanczos. */
export const spectralNorms = (
  means: Means,
  { numericalRank }: Pick<Conventions, 'numericalRank'> = paper,
): Program<Float64Array> => {
  const centred = numericalRank === 'centred'
  const centres = centred ? means.means : null
  return means.d <= gramWidth
    ? askGrams(centres, grams => done(largestOfGrams(grams, means)))
    : iterate(startLanczos(means, centred), centres)
}

/** Numerical rank from the squared Frobenius norms in `residuals` and squared spectral norms.
 * Left where a class has no energy: all zero, or, if centred, all equal. */
export const numericalRankOf = (
  { within, energy }: Residuals,
  spectral: Float64Array,
  { numericalRank }: Pick<Conventions, 'numericalRank'> = paper,
): E.Either<MetricError, number> => {
  const squares = numericalRank === 'centred' ? within : energy
  const empty = squares.findIndex((square, k) => !(square > 0 && (spectral[k] ?? 0) > 0))
  if (empty >= 0) return E.left(zeroFeatures(empty))
  const ranks = squares.map((square, k) => Math.max(1, square / (spectral[k] ?? 1)))
  return finiteOr('numericalRank', ranks.reduce((a, b) => a + b, 0) / ranks.length)
}

/** The numerical rank's program, once a summary is there. */
export const numericalRankProgram =
  (choice: Conventions) =>
  ({ means, residuals }: Summary): Program<E.Either<MetricError, number>> =>
    chain(spectralNorms(means, choice), spectral =>
      done(numericalRankOf(residuals, spectral, choice)),
    )

/** Mean over classes of ||H_k||_F^2 / ||H_k||_2^2: between 1 (collapse) and min(d, n_k). One
 * class is enough. */
export const numericalRank = (
  features: Features,
  labels: Labels,
  changes: Partial<Conventions> = {},
): E.Either<MetricError, number> => {
  const choice = conventions(changes)
  return runInMemory(features, labels, () =>
    chainRight(
      chainRight(meansProgram(choice), summaryProgram({ directions: false }, choice)),
      numericalRankProgram(choice),
    ),
  )
}
