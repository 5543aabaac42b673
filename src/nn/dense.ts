// Fully connected layer.
import * as E from 'fp-ts/Either'
import { linear } from '../../kernels/matmul.ts'
import { f32, showAval } from '../core/aval.ts'
import { apply } from '../core/op.ts'
import { type Param, param, uniform } from '../core/tree.ts'
import { type Empty, empty, type Layer, type Starts } from './layer.ts'

/** Weight [out, in] and bias [out], PyTorch's layout. */
export interface DenseParams {
  readonly weight: Param
  readonly bias: Param
  readonly [key: string]: Param
}

/**
 * y = x W^T + b for x f32[B, in]; weight and bias start uniform in +-1/sqrt(in), as `torch.nn.Linear` does
 * (reference: kaiming_uniform with a = sqrt 5), or as `starts` says.
 */
export const dense = (out: number, starts: Starts = {}): Layer<DenseParams, Empty> => ({
  init: x => {
    const [batch, features, ...more] = x.shape
    if (batch === undefined || features === undefined || more.length > 0 || x.dtype !== 'f32') {
      return E.left({ op: 'dense', message: `needs f32[batch, features], got ${showAval(x)}` })
    }
    const start = uniform(1 / Math.sqrt(features))
    return E.right({
      params: {
        weight: param(f32(out, features), starts.weight ?? start),
        bias: param(f32(out), starts.bias ?? start),
      },
      state: empty,
      out: f32(batch, out),
    })
  },
  apply: () => (params, state, x) => [apply(linear, {})(x, params.weight, params.bias), state],
})
