// Multi-head self-attention as a layer, with the projections before and after.
import * as E from 'fp-ts/Either'
import { attention } from '../../kernels/attention.ts'
import { linear } from '../../kernels/matmul.ts'
import { reshape } from '../../kernels/reshape.ts'
import { f32, showAval } from '../core/aval.ts'
import { at, apply, applyAll } from '../core/op.ts'
import { type Param, param } from '../core/tree.ts'
import type { Value } from '../core/value.ts'
import { type DenseParams, dense } from './dense.ts'
import { type Empty, empty, type Layer } from './layer.ts'
import { perToken } from './per-token.ts'

/** Projections to queries, keys and values in one, and of the result: PyTorch's names. */
export interface AttentionParams {
  readonly in_proj_weight: Param
  readonly in_proj_bias: Param
  readonly out_proj: DenseParams
  readonly [key: string]: Param | DenseParams
}

const zero = { _tag: 'Constant', value: 0 } as const

/** Self-attention over [B, T, D] with `heads` heads (torch.nn.MultiheadAttention, batch first). */
export const selfAttention = (heads: number): Layer<AttentionParams, Empty> => ({
  init: x => {
    const [, , width] = x.shape
    if (width === undefined || width % (4 * heads) !== 0) {
      const message = `needs f32[B, T, 4 n ${heads}], got ${showAval(x)}`
      return E.left({ op: 'selfAttention', message })
    }
    // Glorot and Bengio's bound for the whole of [3 D, D], as PyTorch takes it.
    const glorot = { _tag: 'Uniform', bound: Math.sqrt(6 / (4 * width)) } as const
    return E.Functor.map(perToken(dense(width)).init(x), ({ params }) => ({
      params: {
        in_proj_weight: param(f32(3 * width, width), glorot),
        in_proj_bias: param(f32(3 * width), zero),
        out_proj: { ...params, bias: param(f32(width), zero) },
      },
      state: empty,
      out: x,
    }))
  },
  apply: mode => (params, state, x) => {
    const [b = 1, t = 1, d = 1] = x.aval.shape
    const shaped = (y: Value, ...shape: ReadonlyArray<number>) => apply(reshape, { shape })(y)
    const { in_proj_weight: weight, in_proj_bias: bias, out_proj: out } = params
    const qkv = apply(linear, {})(shaped(x, b * t, d), weight, bias)
    const mixed = at(applyAll(attention, { heads })(shaped(qkv, b, t, 3 * d)), 0)
    const [y] = perToken(dense(d)).apply(mode)(out, empty, mixed)
    return [y, state]
  },
})
