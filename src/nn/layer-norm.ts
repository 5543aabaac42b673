// Layer norm as a layer.
import * as E from 'fp-ts/Either'
import { layerNorm as layerNormOp } from '../../kernels/layer-norm.ts'
import { f32 } from '../core/aval.ts'
import { apply } from '../core/op.ts'
import { param } from '../core/tree.ts'
import type { AffineParams } from './batch-norm.ts'
import { type Empty, empty, type Layer } from './layer.ts'

/** Layer norm over the last axis (torch.nn.LayerNorm), with `eps` added to the variance. */
export const layerNorm = (eps = 1e-5): Layer<AffineParams, Empty> => ({
  init: x => {
    const width = x.shape.at(-1)
    if (width === undefined) return E.left({ op: 'layerNorm', message: 'needs f32[.., D]' })
    const vector = (value: number) => param(f32(width), { _tag: 'Constant', value })
    return E.right({ params: { weight: vector(1), bias: vector(0) }, state: empty, out: x })
  },
  apply:
    () =>
    ({ weight, bias }, state, x) => [apply(layerNormOp, { eps })(x, weight, bias), state],
})
