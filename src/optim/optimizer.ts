// Optimisers: what one keeps for a parameter, and how a gradient moves it.
import { sgd as sgdOp } from '../../kernels/sgd.ts'
import type { Aval } from '../core/aval.ts'
import { applyAll, at } from '../core/op.ts'
import type { Value } from '../core/value.ts'

/** One step of one parameter: its next value and the optimiser's next state, both of the parameter's shape. */
export interface Stepped {
  readonly param: Value
  readonly slots: ReadonlyArray<Value>
}

/** `slots` names the arrays kept for each parameter, all zero at first and of its shape. `hyper` is f32[4], see `hyperOf`. */
export interface Optimizer {
  readonly slots: ReadonlyArray<string>
  readonly step: (hyper: Value, param: Value, grad: Value, slots: ReadonlyArray<Value>) => Stepped
}

/** Hyper-parameters of SGD at one step. */
export interface SgdHyper {
  readonly lr: number
  readonly momentum: number
  readonly weightDecay: number
}

/** Name and shape of the hyper-parameters' argument. */
export const HYPER: { readonly name: string; readonly aval: Aval } = {
  name: 'hyper',
  aval: { dtype: 'f32', shape: [4] },
}

/** The contents of the hyper-parameters' argument; the last word is 0 where the loss is not scaled (see loss-scale.ts). */
export const hyperOf = ({ lr, momentum, weightDecay }: SgdHyper): Float32Array =>
  Float32Array.of(lr, momentum, weightDecay, 0)

/** PyTorch's SGD: g += wd w; buf = momentum buf + g; w -= lr buf (torch.optim.SGD, dampening 0). */
export const sgd: Optimizer = {
  slots: ['momentum'],
  step: (hyper, param, grad, slots) => {
    const [next, momentum] = applyAll(sgdOp, null)(param, grad, at(slots, 0), hyper)
    return { param: next ?? param, slots: [momentum ?? param] }
  },
}
