// A layer over rows, applied to every token of sequences.
import * as E from 'fp-ts/Either'
import { reshape } from '../../kernels/reshape.ts'
import { f32, showAval } from '../core/aval.ts'
import { apply } from '../core/op.ts'
import type { ParamTree } from '../core/tree.ts'
import type { Layer } from './layer.ts'

/** A layer of [rows, D] over [B, T, D], every token a row. */
export const perToken = <P extends ParamTree, S extends ParamTree>(
  layer: Layer<P, S>,
): Layer<P, S> => ({
  init: x => {
    const [b, t, d] = x.shape
    if (b === undefined || t === undefined || d === undefined) {
      return E.left({ op: 'perToken', message: `needs f32[B, T, D], got ${showAval(x)}` })
    }
    return E.Functor.map(layer.init(f32(b * t, d)), made => ({
      ...made,
      out: f32(b, t, made.out.shape[1] ?? d),
    }))
  },
  apply: mode => (params, state, x) => {
    const [b = 1, t = 1, d = 1] = x.aval.shape
    const rows = apply(reshape, { shape: [b * t, d] })(x)
    const [y, next] = layer.apply(mode)(params, state, rows)
    return [apply(reshape, { shape: [b, t, y.aval.shape[1] ?? d] })(y), next]
  },
})
