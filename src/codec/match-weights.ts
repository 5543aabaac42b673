// Weights of a file against the parameters of a network: what fits, what does not, and how that is said.
import * as E from 'fp-ts/Either'
import { type Fault, fault } from '../core/fault.ts'
import { elements, showShape } from './number-array.ts'
import type { Weight, Weights } from './weights.ts'

/** A name with its shape, in PyTorch's layout. */
export type Expected = readonly [path: string, shape: ReadonlyArray<number>]

/** An array of a shape that the network does not have. */
export interface Reshaped {
  readonly name: string
  readonly found: ReadonlyArray<number>
  readonly wanted: ReadonlyArray<number>
}

/** What became of each name; `dropped` are those of the head that were left out on request. */
export interface Match {
  readonly matched: Weights
  readonly missing: ReadonlyArray<string>
  readonly unexpected: ReadonlyArray<string>
  readonly reshaped: ReadonlyArray<Reshaped>
  readonly dropped: ReadonlyArray<string>
}

/** Whether the head is loaded, and what it is called: whole names, or their beginnings before a dot. */
export interface HeadChoice {
  readonly head: 'keep' | 'drop'
  readonly headNames: ReadonlyArray<string>
}

const isHead = (name: string, headNames: ReadonlyArray<string>): boolean =>
  headNames.some(head => name === head || name.startsWith(`${head}.`))

// Counters that no network here uses, and that a file may have or not.
const isOptional = (name: string): boolean => /(^|\.)num_batches_tracked$/.test(name)

const withoutOnes = (shape: ReadonlyArray<number>): string => showShape(shape.filter(n => n !== 1))

/**
 * Compares weights with what a network expects. A shape that differs in axes of 1 only is taken as the network's;
 * `num_batches_tracked` is neither missing nor unexpected.
 */
export const matchWeights = (
  expected: ReadonlyArray<Expected>,
  weights: Weights,
  { head, headNames }: HeadChoice,
): Match => {
  const drops = (name: string): boolean => head === 'drop' && isHead(name, headNames)
  const matched = new Map<string, Weight>()
  const missing: Array<string> = []
  const reshaped: Array<Reshaped> = []
  for (const [name, wanted] of expected) {
    if (drops(name) || isOptional(name)) continue
    const weight = weights.get(name)
    if (weight === undefined) missing.push(name)
    else if (
      withoutOnes(weight.shape) === withoutOnes(wanted) &&
      weight.data.length === elements(wanted)
    ) {
      matched.set(name, { ...weight, shape: wanted })
    } else reshaped.push({ name, found: weight.shape, wanted })
  }
  const known = new Set(expected.map(([name]) => name))
  const others = [...weights.keys()].filter(name => !isOptional(name))
  return {
    matched,
    missing,
    reshaped,
    unexpected: others.filter(name => !known.has(name) && !drops(name)),
    dropped: others.filter(drops),
  }
}

const shown = 4

const listed = (names: ReadonlyArray<string>): string => {
  const more = names.length - shown
  return `${names.slice(0, shown).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

const reshapedText = ({ name, found, wanted }: Reshaped): string =>
  `${name} ${showShape(found)}, wanted ${showShape(wanted)}`

const troubles = ({ missing, reshaped }: Match): ReadonlyArray<string> => [
  ...(missing.length > 0 ? [`${missing.length} missing (${listed(missing)})`] : []),
  ...(reshaped.length > 0
    ? [`${reshaped.length} of another shape (${listed(reshaped.map(reshapedText))})`]
    : []),
]

/** The match as one paragraph. */
export const showMatch = (match: Match): string => {
  const { matched, unexpected, dropped } = match
  const parts = [
    `${matched.size} arrays matched`,
    ...troubles(match),
    ...(unexpected.length > 0 ? [`${unexpected.length} unexpected (${listed(unexpected)})`] : []),
    ...(dropped.length > 0 ? [`head left out as asked (${listed(dropped)})`] : []),
  ]
  return parts.join('; ')
}

/** Right where every expected array is there in its shape; what is unexpected does no harm. */
export const wholeMatch = (
  match: Match,
  { headNames }: Pick<HeadChoice, 'headNames'>,
  where: string,
): E.Either<Fault, Match> => {
  const bad = [...match.missing, ...match.reshaped.map(({ name }) => name)]
  if (bad.length === 0) return E.right(match)
  const mend =
    match.matched.size > 0 && bad.every(name => isHead(name, headNames))
      ? 'give --head drop to begin with a new head'
      : 'give weights of this network'
  return E.left(fault(`the weights do not fit: ${troubles(match).join('; ')}`, where, mend))
}
