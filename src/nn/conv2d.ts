// Convolution as a layer over images [B, H, W, C], with PyTorch's weights [O, C / groups, rows, columns].
import * as E from 'fp-ts/Either'
import { addBias } from '../../kernels/add-bias.ts'
import { conv2d as conv2dOp } from '../../kernels/conv2d.ts'
import { convolved, imagesAval, imagesOf } from '../../kernels/conv-form.ts'
import { f32, showAval } from '../core/aval.ts'
import { apply } from '../core/op.ts'
import { normal, type Param, param, uniform } from '../core/tree.ts'
import type { Value } from '../core/value.ts'
import { absent, type Empty, empty, type Layer, type Starts } from './layer.ts'

/**
 * A square convolution. Its weight starts normal with variance 2 / fan (He et al. 2015), by the fan `out` or `in`, its bias
 * uniform in +-1/sqrt(fan in) as torch.nn.Conv2d's; `starts` takes their place.
 */
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
  readonly starts?: Starts
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
  starts = {},
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
      const [area, fanIn] = [kernel * kernel, channels * kernel * kernel]
      const he = normal(Math.sqrt(2 / (fan === 'out' ? out * area : fanIn)))
      const weight = param(f32(out, channels, kernel, kernel), starts.weight ?? he)
      const start = starts.bias ?? uniform(1 / Math.sqrt(fanIn))
      const params = bias ? { weight, bias: param(f32(out), start) } : { weight }
      return E.right({ params, state: empty, out: imagesAval(made.right) })
    },
    apply: () => (params, state, x) => {
      const given = (name: string): Value => params[name] ?? absent('conv2d', name)
      const y = apply(conv2dOp, attrs)(x, given('weight'))
      return [bias ? apply(addBias, null)(y, given('bias')) : y, state]
    },
  }
}
