// The named conventions under which papers and packages compute the metrics.

/** Choices that differ between published code; each field's first value is the paper's own. */
export interface Conventions {
  /** h_G: the mean of the class means, or of all samples. */
  readonly globalMean: 'classes' | 'samples'
  /** Sigma_W: (1/N) sum z z^T, or the plain average of the classes' covariances. */
  readonly within: 'samples' | 'classes'
  /** nc1: tr(Sigma_W Sigma_B^+), or the quotient tr Sigma_W / tr Sigma_B (never divided by K). */
  readonly nc1: 'pinv' | 'traces'
  /** Whether tr(Sigma_W Sigma_B^+) is divided by K. */
  readonly divideByClasses: boolean
  /** NC3: distance of W M^T to the ETF, or Papyan's squared distance of W to M. */
  readonly selfDuality: 'etf' | 'papyan'
  /** Numerical rank of the classes' features as they are, or about their means. */
  readonly numericalRank: 'uncentred' | 'centred'
  /** Eigenvalues of Sigma_B at or below `cut` times the largest count as zero. */
  readonly cut: number
}

/** The conventions of the paper: what every metric uses unless told otherwise. */
export const paper: Conventions = {
  globalMean: 'classes',
  within: 'samples',
  nc1: 'pinv',
  divideByClasses: true,
  selfDuality: 'etf',
  numericalRank: 'uncentred',
  cut: 1e-10,
}

/** The cut for class means that were summed in float32 (on a GPU). */
export const float32Cut = 1e-6

/** The conventions found in public code, by the name that the CLI takes. */
export const namedConventions = {
  paper,
  papyan: { ...paper, divideByClasses: false, selfDuality: 'papyan' },
  zhu: { ...paper, globalMean: 'samples' },
  'neural-collapse': paper,
  'he-su': { ...paper, globalMean: 'samples', within: 'classes', divideByClasses: false },
  'trace-quotient': { ...paper, nc1: 'traces' },
} as const satisfies Readonly<Record<string, Conventions>>

/** The name of a published convention. */
export type ConventionName = keyof typeof namedConventions

/** The paper's conventions with some of them changed. */
export const conventions = (changes: Partial<Conventions> = {}): Conventions => ({
  ...paper,
  ...changes,
})

/** All names of published conventions, the paper's first. */
export const conventionNames: ReadonlyArray<ConventionName> = [
  'paper',
  'papyan',
  'zhu',
  'neural-collapse',
  'he-su',
  'trace-quotient',
]
