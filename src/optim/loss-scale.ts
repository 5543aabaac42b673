// Loss scaling for f16: gradients of a multiple of the loss, so that small ones do not vanish where products round them.
import { lossScale, nextScale } from '../../kernels/loss-scale.ts'
import { type Aval, f32 } from '../core/aval.ts'
import { apply, applyAll, at } from '../core/op.ts'
import { arg, type Value } from '../core/value.ts'

/** Name and shape of the scale's state [scale, steps since it changed], which lies on the device and is part of a snapshot. */
export const SCALING: { readonly name: string; readonly aval: Aval } = {
  name: 'loss scale',
  aval: f32(2),
}

/** The state at the start and the steps between two doublings, as PyTorch's GradScaler has them. */
export const firstScaling = (): Float32Array => Float32Array.of(2 ** 16, 0)
const EVERY = 2000

/**
 * A step under a scaled loss: `hyper` undoes the scale where the optimiser takes gradients, `seed` is the loss's cotangent,
 * `next` is the state after it, from one of the scaled gradients.
 */
export interface Scaled {
  readonly hyper: Value
  readonly seed: Value
  readonly next: (probe: Value) => Value
}

/**
 * Scales are powers of two, so that scaling itself rounds nothing. They move as in PyTorch's GradScaler, but a step that
 * overflows is not skipped as a whole, since gradients are used as they are made and most never stored: their elements that
 * are not finite count as zero, momentum and decay go on, and the scale is halved for the next step. The sign of it is a
 * gradient of the earliest layer, which everything behind it flows into. f16's overflow forth is not mended by this.
 */
export const scaled = (hyper: Value): Scaled => {
  const scaling = arg(SCALING.name, SCALING.aval)
  const both = applyAll(lossScale, null)(hyper, scaling)
  return {
    hyper: at(both, 0),
    seed: at(both, 1),
    next: probe => apply(nextScale, { every: EVERY })(scaling, probe),
  }
}
