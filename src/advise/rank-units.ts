// Which unit to tune first, from what is known without tuning: an order, and how far to trust it.
import { spearman } from '../core/correlation.ts'
import { type Jackknife, tellsApart } from './jackknife.ts'

/** The scores that are compared with each other; for all but nc1 higher is better. */
export const scoreNames = ['nc1', 'nearestMean', 'probe', 'logme', 'hScore'] as const
export type ScoreName = (typeof scoreNames)[number]

/** A unit as the ranking sees it. `cost` is null where there is no budget, `over` true where it passes the budget. */
export interface Candidate {
  readonly unit: number
  readonly nc1: Jackknife | null
  readonly scores: Readonly<Record<Exclude<ScoreName, 'nc1'>, number | null>>
  readonly cost: number | null
  readonly over: boolean
}

/** Units by number. `order` is what to tune first, second and so on; `tied` are those that nc1 does not tell from the
 * most collapsed unit within the budget, that unit among them; `favourites` the best unit of each score; `agreement`
 * Spearman's correlation of each score with - nc1 over units, null where it is not defined. */
export interface Ranking {
  readonly order: ReadonlyArray<number>
  readonly tied: ReadonlyArray<number>
  readonly over: ReadonlyArray<number>
  readonly favourites: Readonly<Record<ScoreName, number | null>>
  readonly agreement: Readonly<Record<Exclude<ScoreName, 'nc1'>, number | null>>
}

/** A score of a unit as higher is better; NaN where there is none. */
export const goodness = ({ nc1, scores }: Candidate, name: ScoreName): number =>
  (name === 'nc1' ? (nc1 === null ? null : -nc1.estimate) : scores[name]) ?? Number.NaN

const byGoodness =
  (name: ScoreName) =>
  (a: Candidate, b: Candidate): number => {
    const [x, y] = [goodness(a, name), goodness(b, name)]
    return Number.isNaN(x) || Number.isNaN(y)
      ? Number(Number.isNaN(x)) - Number(Number.isNaN(y))
      : y - x
  }

const favourite = (units: ReadonlyArray<Candidate>, name: ScoreName): number | null => {
  const [best] = [...units].sort(byGoodness(name))
  return best === undefined || Number.isNaN(goodness(best, name)) ? null : best.unit
}

const isTied =
  (best: Candidate) =>
  (other: Candidate): boolean =>
    best === other || (best.nc1 !== null && other.nc1 !== null && !tellsApart(best.nc1, other.nc1))

/** How many times the least nc1 a cheaper unit may have to be preferred. */
const alike = 1.5

const isAlike =
  (best: Candidate) =>
  ({ nc1 }: Candidate): boolean =>
    nc1 !== null && best.nc1 !== null && nc1.estimate <= alike * best.nc1.estimate

const byCost = (a: Candidate, b: Candidate): number => (a.cost ?? 0) - (b.cost ?? 0)

/** Orders units by nc1 of their outputs, the most collapsed first. With a budget, those that nc1 does not tell from the
 * first, and that have at most 1.5 times its nc1, go by their cost, the cheapest first; those past it come last. */
export const rankUnits = (units: ReadonlyArray<Candidate>): Ranking => {
  const sorted = [...units].sort(byGoodness('nc1'))
  const [within, over] = [sorted.filter(unit => !unit.over), sorted.filter(unit => unit.over)]
  const [best] = within
  const tied = best === undefined ? [] : within.filter(isTied(best))
  const rivals = best === undefined ? [] : tied.filter(isAlike(best))
  const others = within.filter(unit => !rivals.includes(unit))
  const agreed = (name: ScoreName) =>
    spearman(
      units.map(unit => goodness(unit, name)),
      units.map(unit => goodness(unit, 'nc1')),
    )
  return {
    order: [...[...rivals].sort(byCost), ...others, ...over].map(({ unit }) => unit),
    tied: tied.map(({ unit }) => unit),
    over: over.map(({ unit }) => unit),
    favourites: {
      nc1: favourite(units, 'nc1'),
      nearestMean: favourite(units, 'nearestMean'),
      probe: favourite(units, 'probe'),
      logme: favourite(units, 'logme'),
      hScore: favourite(units, 'hScore'),
    },
    agreement: {
      nearestMean: agreed('nearestMean'),
      probe: agreed('probe'),
      logme: agreed('logme'),
      hScore: agreed('hScore'),
    },
  }
}
