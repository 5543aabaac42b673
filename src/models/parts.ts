// What the convolutional networks are put together from.
import { avgPool2d } from '../../kernels/avg-pool.ts'
import { maxPool2d } from '../../kernels/max-pool.ts'
import { apply } from '../core/op.ts'
import { dense } from '../nn/dense.ts'
import { type Empty, type Layer, type Starts, stateless } from '../nn/layer.ts'
import type { Head } from './model.ts'

/** The largest value of every 3 x 3 window, each second one, zeros around the image not counted: ImageNet stems. */
export const stemPool: Layer<Empty, Empty> = stateless(x =>
  apply(maxPool2d, { kernel: 3, stride: 2, padding: 1 })(x),
)

/** The mean of every 2 x 2 square: halves height and width. */
export const halved: Layer<Empty, Empty> = stateless(x =>
  apply(avgPool2d, { kernel: 2, stride: 2, padding: 0 })(x),
)

/** A linear classifier under a name, which starts as PyTorch's layer where `starts` does not say how. */
export const linearHead = (name: string, starts: Starts = {}): Head => ({
  name,
  layer: classes => dense(classes, starts),
})
