// What the planner makes of convolutions with what alone follows them: a bias, a ReLU, the update of the weights.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import { type Aval, sameAval } from '../src/core/aval.ts'
import { input, output } from '../src/core/dispatch.ts'
import { defineOp, noGradient, type Op, primitive } from '../src/core/op.ts'
import storeSgd from '../shaders/conv-weights-store-sgd.wgsl' with { type: 'text' }
import storeBias from '../shaders/matmul-store-bias.wgsl' with { type: 'text' }
import { addBias } from './add-bias.ts'
import { type Conv, convFlops, imagesAval, kernelAval } from './conv-form.ts'
import { hostConv, hostWeightGradient } from './conv-host.ts'
import { lowerConv } from './conv-lower.ts'
import { forwardSides, sure, type WeightGrad, weightGradSides } from './conv-sides.ts'
import { lowerWeightGradient } from './conv-weights-lower.ts'
import { none } from './gpu-js.ts'
import { relu } from './relu.ts'
import { sgd } from './sgd.ts'
import { isVector, operand } from './shapes.ts'

/** A convolution, a bias, and a ReLU or none. */
export interface BiasedConv extends Conv {
  readonly relu: boolean
}

/** (x [B, H, W, C], w [O, C / groups, rows, columns], b [O]) -> conv(x, w) + b, then a ReLU if told so. */
export const conv2dBias: Op<BiasedConv> = defineOp({
  name: 'conv2dBias',
  infer: (ins, conv) =>
    pipe(
      forwardSides(ins.slice(0, 2), conv),
      E.filterOrElse(
        ({ y }) => ins.length === 3 && isVector(ins[2], 'f32', y.channels),
        () => 'needs x, w and b f32[O]',
      ),
      E.map(({ y }) => [imagesAval(y)]),
    ),
  flops: ({ ins, attrs }) => convFlops(sure(forwardSides(ins, attrs))),
  lower: ({ ins, attrs }, target) =>
    lowerConv(
      sure(forwardSides(ins, attrs)),
      {
        label: attrs.relu ? 'conv2d bias relu' : 'conv2d bias',
        shader: storeBias,
        bindings: [input(2), output()],
        relu: attrs.relu,
      },
      target,
    ),
  vjp: noGradient,
  oracle: ([x = none, w = none, b = none], { ins, attrs, outs }) => {
    const y = hostConv(x, w, sure(forwardSides(ins, attrs)))
    const biased = addBias.oracle([y, b], { attrs: null, ins: [...outs, operand(ins, 2)], outs })
    return attrs.relu ? relu.oracle(biased, { attrs: null, ins: outs, outs }) : biased
  },
  fuse: ({ ins, attrs }, consumer) =>
    consumer.name === relu.name && !attrs.relu
      ? O.fromEither(primitive(conv2dBias, { ...attrs, relu: true })(ins))
      : O.none,
})

const isUpdate = (dw: Aval, [p, buffer, hyper, ...more]: ReadonlyArray<Aval>): boolean =>
  p !== undefined &&
  buffer !== undefined &&
  sameAval(dw, p) &&
  sameAval(dw, buffer) &&
  isVector(hyper, 'f32', 4) &&
  more.length === 0

/**
 * (dy, x, p, buffer, hyper [4]) -> [p, buffer] overwritten by `sgd` with the weights' gradient, which is never stored.
 */
export const conv2dWeightGradSgd: Op<WeightGrad> = defineOp({
  name: 'conv2dWeightGradSgd',
  ports: 2,
  overwrites: [
    { index: 2, port: 0 },
    { index: 3, port: 1 },
  ],
  infer: (ins, conv) =>
    pipe(
      weightGradSides(ins.slice(0, 2), conv),
      E.map(({ w }) => kernelAval(w)),
      E.filterOrElse(
        dw => isUpdate(dw, ins.slice(2)),
        () => "needs dy, x, parameter and buffer of the weights' shape, and hyper f32[4]",
      ),
      E.map(dw => [dw, dw]),
    ),
  flops: ({ ins, attrs }) => convFlops(sure(weightGradSides(ins, attrs))),
  lower: ({ ins, attrs }, target) =>
    lowerWeightGradient(
      sure(weightGradSides(ins, attrs)),
      {
        label: 'conv2d weight gradient sgd',
        shader: storeSgd,
        bindings: [output(0), output(1), input(4)],
      },
      target,
    ),
  vjp: noGradient,
  oracle: ([dy = none, x = none, p = none, buffer = none, hyper = none], { ins, attrs, outs }) => {
    const [dw, slot, h] = [operand(outs, 0), operand(ins, 3), operand(ins, 4)]
    const gradient = hostWeightGradient(dy, x, sure(weightGradSides(ins, attrs)))
    return sgd.oracle([p, gradient, buffer, hyper], { attrs: null, ins: [dw, dw, slot, h], outs })
  },
})
