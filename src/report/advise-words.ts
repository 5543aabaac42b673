// The advice of `collapse advise` in sentences: what to tune first, and how far that can be trusted.
import type { Advice, Budget, LayerAdvice, NetworkAdvice } from '../codec/advice.ts'
import { correlation, count, percent, significant } from './format.ts'

/** What the scores are called. */
export const scoreTitles = {
  nc1: 'nc1',
  nearestMean: 'nearest class mean',
  probe: 'linear probe',
  logme: 'LogME',
  hScore: 'H-score',
} as const

const others = ['nearestMean', 'probe', 'logme', 'hScore'] as const

const unitNamed = ({ layers }: NetworkAdvice, unit: number | null): LayerAdvice | undefined =>
  layers.find(layer => layer.unit !== null && layer.unit === unit)

const named = (network: NetworkAdvice, unit: number): string =>
  `${unitNamed(network, unit)?.layer ?? ''} (unit ${unit})`

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const list = (words: ReadonlyArray<string>): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`

const costName: Readonly<Record<Budget['of'], string>> = {
  params: 'in parameters',
  bytes: 'in memory',
  seconds: 'in time',
}

const range = (layer: LayerAdvice | undefined): string =>
  layer?.nc1 == null
    ? 'unknown'
    : `${significant(layer.nc1.value)} (${significant(layer.nc1.low)} to ${significant(layer.nc1.high)})`

const first = (network: NetworkAdvice, budget: Budget | null): string => {
  const { order, tied, over, layers } = network
  const [top] = order
  const within = layers.filter(({ unit }) => unit !== null).length - over.length
  if (top === undefined) return 'The network has no unit to tune.'
  if (within === 0) return 'No unit is within the budget; tune none of them, or raise it.'
  const best = unitNamed(network, top)
  const why =
    budget !== null && tied[0] !== top
      ? `the cheapest ${costName[budget.of]} of the units that are alike in nc1, which is ${range(best)} here and least at ${named(network, tied[0] ?? top)}`
      : `its output is the most collapsed on this data${over.length > 0 ? ' within the budget' : ''}, nc1 ${range(best)}`
  return `Tune ${named(network, top)} first: ${why}.`
}

const certainty = (network: NetworkAdvice): ReadonlyArray<string> => {
  const { order, tied, over } = network
  const [top] = order
  const rivals = tied.filter(unit => unit !== top)
  if (top === undefined || order.length - over.length < 2) return []
  return [
    rivals.length === 0
      ? 'nc1 tells it from every other unit (each pair at 95 %, on the same images).'
      : `nc1 does not tell it from ${list(rivals.map(unit => named(network, unit)))}: on other images one of these may come first.`,
  ]
}

const agreement = (network: NetworkAdvice): ReadonlyArray<string> => {
  const { favourites, agreement: agreed, order } = network
  const [top] = order
  if (top === undefined || order.length < 2) return []
  const same = others.filter(name => favourites[name] === top)
  const apart = others.filter(name => favourites[name] !== null && favourites[name] !== top)
  const rank = others
    .filter(name => agreed[name] !== null)
    .map(name => `${scoreTitles[name]} ${correlation(agreed[name])}`)
  return [
    ...(same.length === 0
      ? []
      : [
          `${capital(list(same.map(name => scoreTitles[name])))} ${same.length > 1 ? 'favour' : 'favours'} it too.`,
        ]),
    ...apart.map(
      name => `${capital(scoreTitles[name])} favours ${named(network, favourites[name] ?? 0)}.`,
    ),
    ...(rank.length === 0
      ? []
      : [`Order of the units against that of nc1 (Spearman): ${rank.join(', ')}.`]),
  ]
}

const weak = (network: NetworkAdvice): ReadonlyArray<string> => {
  const best = unitNamed(network, network.order[0] ?? null)
  return best?.nc1 == null || best.shuffledNc1 === null || best.nc1.high < best.shuffledNc1
    ? []
    : [
        `With shuffled labels its nc1 is ${significant(best.shuffledNc1)}, within the interval: this data shows no classes in these features, and the order means nothing.`,
      ]
}

const probeWords = ({ layers }: NetworkAdvice): ReadonlyArray<string> => {
  const last = layers.find(({ unit }) => unit === null)
  return last?.probe == null
    ? []
    : [
        `Without any tuning, a linear probe on the classifier's input reaches ${percent(last.probe.value)} of the images held out (${percent(last.probe.low)} to ${percent(last.probe.high)}).`,
      ]
}

const untested =
  'None of this has been tuned. That tuning pays most where features are most collapsed is what the paper saw after tuning, near the classifier most of all; carried over to before, it is a rule of thumb, and it failed where it was tried on small images (docs/advise.md). --verify tests it here.'

const tested = (
  network: NetworkAdvice,
  verify: NonNullable<Advice['verify']>,
): ReadonlyArray<string> => {
  const units = network.layers.filter(({ unit, reached }) => unit !== null && reached !== null)
  const [best] = [...units].sort(
    (a, b) => (b.reached?.testAccuracy ?? 0) - (a.reached?.testAccuracy ?? 0),
  )
  const advised = unitNamed(network, network.order[0] ?? null)
  if (best?.reached == null || advised?.reached == null) return []
  const behind =
    best === advised
      ? ', the advised unit, was the best of all'
      : ` was the best; the advised ${advised.layer} reached ${percent(advised.reached.testAccuracy, 2)}`
  const { foretold } = network
  const rank = (['nc1', ...others] as const)
    .filter(name => foretold?.[name] != null)
    .map(name => `${scoreTitles[name]} ${correlation(foretold?.[name] ?? null)}`)
  return [
    `Tuned for ${verify.epochs} epochs each and tested on ${count(verify.test)} images, ${best.layer} with ${percent(best.reached.testAccuracy, 2)}${behind}.`,
    ...(rank.length === 0
      ? []
      : [
          `How each score foretold the accuracy (Spearman over ${units.length} units): ${rank.join(', ')}.`,
        ]),
    'One run of each unit: differences of a point are within what another seed gives.',
  ]
}

/** A network's advice in sentences; with `verify`, what tuning gave. */
export const adviceWords = (
  network: NetworkAdvice,
  budget: Budget | null,
  verify: Advice['verify'],
): ReadonlyArray<string> => [
  first(network, budget),
  ...certainty(network),
  ...agreement(network),
  ...weak(network),
  ...probeWords(network),
  ...(verify === null ? [untested] : tested(network, verify)),
]

/** What is said of several networks. */
export const acrossWords = ({
  order,
  tied,
  byNc1,
}: Pick<NonNullable<Advice['across']>, 'order' | 'tied' | 'byNc1'>): ReadonlyArray<string> => {
  const [best = ''] = order
  const rivals = tied.filter(name => name !== best)
  return [
    `${best} has the features that a linear probe does best on.`,
    rivals.length === 0
      ? 'Its interval leaves the others out.'
      : `The probe's interval overlaps that of ${list(rivals)}: they are not told apart.`,
    byNc1[0] === best
      ? 'It has the most collapsed features too, by nc1.'
      : `By nc1 it would be ${byNc1[0] ?? ''}; networks of other widths are not on one scale of nc1, and the paper saw no strong correlation on the downstream data itself (Appendix D.1).`,
  ]
}
