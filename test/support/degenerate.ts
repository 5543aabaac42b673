// fast-check arbitraries of features on which metrics have one documented answer or error each.
import fc from 'fast-check'
import { balancedRecipe, type Recipe, type Sample, sampleOf } from './features.ts'

/** What is wrong with a degenerate sample. */
export type Degeneracy =
  | 'one class'
  | 'an empty class'
  | 'a class of one sample'
  | 'two equal means'
  | 'all means equal'
  | 'a class of zeros'
  | 'NaN'
  | 'infinity'
  | 'd = 1'

/** All kinds of degenerate samples. */
export const degeneracies: ReadonlyArray<Degeneracy> = [
  'one class',
  'an empty class',
  'a class of one sample',
  'two equal means',
  'all means equal',
  'a class of zeros',
  'NaN',
  'infinity',
  'd = 1',
]

/** A degenerate sample; for NaN and infinity, `row` is the first row that has it. */
export interface DegenerateSample extends Sample {
  readonly kind: Degeneracy
  readonly row: number
}

const edit = (
  sample: Sample,
  change: (value: number, row: number, label: number) => number,
): Sample => {
  const { data, n, d } = sample.features
  const changed = data.map((value, at) => {
    const row = Math.floor(at / d)
    return change(value, row, sample.labels[row] ?? 0)
  })
  return { ...sample, features: { data: changed, n, d } }
}

// Every sample of the two classes takes the values of a sample of the first: their multisets agree.
const copyClass = (sample: Sample, from: number, to: ReadonlyArray<number>): Sample => {
  const { data, n, d } = sample.features
  const rowsOf = (k: number) => sample.labels.flatMap((label, i) => (label === k ? [i] : []))
  const copied = data.slice()
  for (const k of to) {
    rowsOf(k).forEach((row, i) => {
      const source = rowsOf(from)[i] ?? 0
      copied.set(data.slice(source * d, source * d + d), row * d)
    })
  }
  return { ...sample, features: { data: copied, n, d } }
}

const make = (kind: Degeneracy, recipe: Recipe, row: number): Sample => {
  const sample = sampleOf(recipe)
  const { classes, labels } = sample
  const others = Array.from({ length: classes - 1 }, (_, k) => k + 1)
  switch (kind) {
    case 'one class':
      return { ...sample, labels: labels.map(() => 0), classes: 1 }
    case 'an empty class':
      return { ...sample, labels: labels.map(k => k + (k > 0 ? 1 : 0)), classes: classes + 1 }
    case 'a class of one sample':
      return sampleOf({ ...recipe, counts: [1, ...recipe.counts.slice(1)] })
    case 'two equal means':
      return copyClass(sample, 0, [1])
    case 'all means equal':
      return copyClass(sample, 0, others)
    case 'a class of zeros':
      return edit(sample, (value, _, label) => (label === 0 ? 0 : value))
    case 'NaN':
      return edit(sample, (value, at) => (at === row ? Number.NaN : value))
    case 'infinity':
      return edit(sample, (value, at) => (at === row ? Number.NEGATIVE_INFINITY : value))
    case 'd = 1':
      return sampleOf({ ...recipe, d: 1 })
  }
}

/** Degenerate samples, of the given kinds or of all. Means that are equal come with three classes
 * at least, so that `two equal means` differs from `all means equal`. */
export const degenerate = (...kinds: ReadonlyArray<Degeneracy>): fc.Arbitrary<DegenerateSample> =>
  fc
    .record({
      kind: fc.constantFrom(...(kinds.length > 0 ? kinds : degeneracies)),
      recipe: balancedRecipe({ classes: [3, 5], d: [2, 6], perClass: [2, 5] }),
      row: fc.nat(5),
    })
    .map(({ kind, recipe, row }) => ({ ...make(kind, recipe, row), kind, row }))
