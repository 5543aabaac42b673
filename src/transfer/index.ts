// Transfer as a library: what trains, a target, a transfer, and what it costs.
export type { Collapse } from './measure-tuned.ts'
export type { HeadRecipe, HeadsEpoch } from './probe-epochs.ts'
export type { Tokens } from './probe-features.ts'
export {
  type LayerProbe as UnitProbe,
  type MeasuredLayer,
  type ProbedUnits,
  type ProbeHooks,
  type ProbeRecipe,
  probeUnits,
} from './probe-units.ts'
export type { Recipe } from './setting.ts'
export { type Splits, type Target as TransferTarget, targetOf } from './target.ts'
export type { TrainingBytes } from './training-bytes.ts'
export { type Outcome, type TransferEpoch, type TransferHooks, transfer } from './transfer.ts'
export {
  allBut,
  freeze,
  type Paths,
  skipConnect,
  type TunedModel,
  tuneOnly,
  withHead,
} from './tuned-model.ts'
export { allWays, trainedShare, type AnyWay, tunedBy, type Way } from './ways.ts'
