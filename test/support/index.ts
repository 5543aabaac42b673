// What a user's own tests of metrics start from: arbitraries of features, motions, golden values.
// docs/metrics/README.md shows a test of a metric of one's own.
export { type Degeneracy, type DegenerateSample, degeneracies, degenerate } from './degenerate.ts'
export { left, near, nearRelative, right } from './either.ts'
export {
  balanced,
  balancedRecipe,
  classified,
  classifierFor,
  exactEtf,
  nearCollapse,
  type Recipe,
  type Sample,
  type SizeLimits,
  sampleOf,
  samples,
  unbalanced,
  unbalancedRecipe,
} from './features.ts'
export {
  type Golden,
  goldenClassifier,
  goldenSample,
  goldens,
  toFloat32,
} from './golden-features.ts'
export {
  allMotions,
  invertibleOf,
  type Motion,
  type MotionKind,
  mapped,
  motions,
  picked,
  relabelled,
  rotationOf,
  scaled,
  shifted,
  shrunk,
} from './transforms.ts'
export { type Checks, checkOp } from './check-op.ts'
export type { Contents } from './contents.ts'
