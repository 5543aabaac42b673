// Convolution as a layer over images [B, H, W, C], with PyTorch's weights [O, C / groups, rows, columns].
import * as E from 'fp-ts/Either'
import { addBias } from '../../kernels/add-bias.ts'
import { conv2d as conv2dOp } from '../../kernels/conv2d.ts'
import { convolved, imagesAval, imagesOf } from '../../kernels/conv-form.ts'
import { f32, showAval } from '../core/aval.ts'
import { apply } from '../core/op.ts'
import { type Param, param } from '../core/tree.ts'
import type { Value } from '../core/value.ts'
import { absent, type Empty, empty, type Layer } from './layer.ts'

/** A square convolution. It starts normal with variance 2 / fan (He et al. 2015), by the fan `out` or `in`. */
export interface Conv2d {
  readonly out: number
  readonly kernel: number
  readonly stride?: number
  readonly padding?: number
  readonly dilation?: number
  readonly groups?: number
  /** Whether a bias [O] is added; no where left out. */
  readonly bias?: boolean
  readonly fan?: 'in' | 'out'
}

/** `weight`, and `bias` where there is one. */
export type ConvParams = Readonly<Record<string, Param>>

/** Convolution as torch.nn.Conv2d, zeros around the images. */
export const conv2d = ({
  out,
  kernel,
  stride = 1,
  padding = 0,
  dilation = 1,
  groups = 1,
  bias = false,
  fan = 'out',
}: Conv2d): Layer<ConvParams, Empty> => {
  const attrs = { stride, padding, dilation, groups }
  return {
    init: x => {
      const channels = Math.floor((x.shape[3] ?? 0) / groups)
      const sizes = { out, channels, rows: kernel, columns: kernel }
      const made = convolved(imagesOf(x), sizes, attrs)
      if (x.shape.length !== 4 || E.isLeft(made)) {
        const why = E.isLeft(made) ? made.left : 'needs f32[B, H, W, C]'
        return E.left({ op: 'conv2d', message: `${why}, got ${showAval(x)}` })
      }
      const std = Math.sqrt(2 / ((fan === 'out' ? out : channels) * kernel * kernel))
      const weight = param(f32(out, channels, kernel, kernel), { _tag: 'Normal', std })
      const zeros = param(f32(out), { _tag: 'Constant', value: 0 })
      const params = bias ? { weight, bias: zeros } : { weight }
      return E.right({ params, state: empty, out: imagesAval(made.right) })
    },
    apply: () => (params, state, x) => {
      const given = (name: string): Value => params[name] ?? absent('conv2d', name)
      const y = apply(conv2dOp, attrs)(x, given('weight'))
      return [bias ? apply(addBias, null)(y, given('bias')) : y, state]
    },
  }
}
