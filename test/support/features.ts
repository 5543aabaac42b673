// fast-check arbitraries of labelled features: balanced, unbalanced, near collapse, exact ETF,
// and the degenerate ones. Values come from seeded normals, so that a failing case shrinks in size.
import fc from 'fast-check'
import type { Classifier, Features } from '../../src/collapse/features.ts'
import { normals, permutation } from '../../src/core/random.ts'

/** Features [n, d] with labels 0 .. classes-1; samples come in random order. */
export interface Sample {
  readonly features: Features
  readonly labels: ReadonlyArray<number>
  readonly classes: number
}

/** Bounds of what is generated; each has a small default. */
export interface SizeLimits {
  readonly classes?: readonly [least: number, most: number]
  readonly perClass?: readonly [least: number, most: number]
  readonly d?: readonly [least: number, most: number]
}

/** A recipe from which `sampleOf` makes the same sample every time. */
export interface Recipe {
  readonly seed: number
  readonly d: number
  readonly counts: ReadonlyArray<number>
  /** Standard deviation within classes; the class means have 1. */
  readonly spread: number
  /** Length scale of a shift common to all samples. */
  readonly offset: number
}

/** The sample of a recipe: h = offset + mean of its class + spread * noise, all normal. */
export const sampleOf = ({ seed, d, counts, spread, offset }: Recipe): Sample => {
  const next = normals(seed, 'sample')
  const draw = (n: number): Float64Array => Float64Array.from({ length: n }, () => next())
  const shift = draw(d)
  const means = counts.map(() => draw(d))
  const sorted = counts.flatMap((n, k) => Array.from({ length: n }, () => k))
  const labels = Array.from(permutation(sorted.length, seed, 'order'), i => sorted[i] ?? 0)
  const data = new Float64Array(labels.length * d)
  labels.forEach((k, i) => {
    for (let j = 0; j < d; j++) {
      data[i * d + j] = offset * (shift[j] ?? 0) + (means[k]?.[j] ?? 0) + spread * next()
    }
  })
  return { features: { data, n: labels.length, d }, labels, classes: counts.length }
}

const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 })

const between = ([min, max]: readonly [number, number]) => fc.integer({ min, max })

/** Recipes of samples whose classes all have the same size. */
export const balancedRecipe = (limits: SizeLimits = {}): fc.Arbitrary<Recipe> =>
  fc
    .record({
      seed: seeds,
      d: between(limits.d ?? [1, 8]),
      classes: between(limits.classes ?? [2, 6]),
      size: between(limits.perClass ?? [2, 8]),
      spread: fc.constantFrom(0.1, 0.5, 2),
      offset: fc.constantFrom(0, 1, 5),
    })
    .map(({ classes, size, ...rest }) => ({
      ...rest,
      counts: Array.from({ length: classes }, () => size),
    }))

/** Recipes of samples whose classes have sizes of their own. */
export const unbalancedRecipe = (limits: SizeLimits = {}): fc.Arbitrary<Recipe> =>
  fc.record({
    seed: seeds,
    d: between(limits.d ?? [1, 8]),
    counts: between(limits.classes ?? [2, 6]).chain(classes =>
      fc.array(between(limits.perClass ?? [1, 9]), { minLength: classes, maxLength: classes }),
    ),
    spread: fc.constantFrom(0.1, 0.5, 2),
    offset: fc.constantFrom(0, 1, 5),
  })

/** Samples with classes of equal size. */
export const balanced = (limits: SizeLimits = {}): fc.Arbitrary<Sample> =>
  balancedRecipe(limits).map(sampleOf)

/** Samples with classes of different sizes. */
export const unbalanced = (limits: SizeLimits = {}): fc.Arbitrary<Sample> =>
  unbalancedRecipe(limits).map(sampleOf)

/** Samples of either kind. */
export const samples = (limits: SizeLimits = {}): fc.Arbitrary<Sample> =>
  fc.oneof(balanced(limits), unbalanced(limits))

/** Samples whose classes have all but shrunk to their means: spread 1e-3 to 1e-7. */
export const nearCollapse = (limits: SizeLimits = {}): fc.Arbitrary<Sample> =>
  fc
    .tuple(unbalancedRecipe(limits), fc.integer({ min: 3, max: 7 }))
    .map(([recipe, power]) => sampleOf({ ...recipe, spread: 10 ** -power }))

/** Samples that sit exactly on the vertices of a simplex equiangular tight frame (the columns of
 * I - 11^T/K, scaled, in d = K): zero variance, all distances and angles equal. */
export const exactEtf = (limits: Omit<SizeLimits, 'd'> = {}): fc.Arbitrary<Sample> =>
  fc
    .record({
      classes: between(limits.classes ?? [2, 8]),
      size: between(limits.perClass ?? [1, 4]),
      scale: fc.constantFrom(0.125, 1, 64),
    })
    .map(({ classes, size, scale }) => {
      const labels = Array.from({ length: classes * size }, (_, i) => i % classes)
      const data = Float64Array.from({ length: classes * labels.length }, (_, at) => {
        const k = labels[Math.floor(at / classes)] ?? 0
        return scale * ((at % classes === k ? 1 : 0) - 1 / classes)
      })
      return { features: { data, n: labels.length, d: classes }, labels, classes }
    })

/** A classifier W [classes, d] and b [classes] for a sample, normal. */
export const classifierFor = ({ classes, features: { d } }: Sample): fc.Arbitrary<Classifier> =>
  seeds.map(seed => {
    const next = normals(seed, 'classifier')
    const weight = Float64Array.from({ length: classes * d }, () => next())
    return { weight, bias: Float64Array.from({ length: classes }, () => next()) }
  })

/** Samples with a classifier. */
export const classified = (
  limits: SizeLimits = {},
): fc.Arbitrary<Sample & { readonly classifier: Classifier }> =>
  samples(limits).chain(sample =>
    classifierFor(sample).map(classifier => ({ ...sample, classifier })),
  )
