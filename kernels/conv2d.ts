// Convolution over images [B, H, W, C] with PyTorch's weights [O, C / groups, rows, columns], and its two gradients.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import { output } from '../src/core/dispatch.ts'
import { apply, at, defineOp, type Op, primitive } from '../src/core/op.ts'
import storeWeights from '../shaders/conv-weights-store.wgsl' with { type: 'text' }
import store from '../shaders/matmul-store.wgsl' with { type: 'text' }
import { addBias } from './add-bias.ts'
import { type Conv, convFlops, imagesAval, imagesOf, kernelAval, kernelOf } from './conv-form.ts'
import { hostConv, hostInputGradient, hostWeightGradient } from './conv-host.ts'
import { lowerConv, lowerInputGradient } from './conv-lower.ts'
import {
  forwardSides,
  type InputGrad,
  inputGradSides,
  sure,
  type WeightGrad,
  weightGradSides,
} from './conv-sides.ts'
import { lowerWeightGradient } from './conv-weights-lower.ts'
import { normed } from './conv2d-norm.ts'
import { conv2dBias, conv2dWeightGradSgd } from './conv2d-fused.ts'
import { cut } from './cuts.ts'
import { none } from './gpu-js.ts'
import { sgd } from './sgd.ts'
import { pull } from './shapes.ts'

export type { Conv } from './conv-form.ts'

const exactly = (count: number, ins: ReadonlyArray<unknown>): boolean => ins.length === count

/** (x [B, H, W, C], w [O, C / groups, rows, columns]) -> y [B, H', W', O], PyTorch's `nn.functional.conv2d`. */
export const conv2d: Op<Conv> = defineOp({
  name: 'conv2d',
  split: cut(['rows', 'whole'], ['rows']),
  infer: (ins, conv) =>
    pipe(
      forwardSides(ins, conv),
      E.filterOrElse(
        () => exactly(2, ins),
        () => 'needs x and w',
      ),
      E.map(({ y }) => [imagesAval(y)]),
    ),
  flops: ({ ins, attrs }) => convFlops(sure(forwardSides(ins, attrs))),
  lower: ({ ins, attrs }, target) =>
    lowerConv(
      sure(forwardSides(ins, attrs)),
      { label: 'conv2d', shader: store, bindings: [output()] },
      target,
    ),
  vjp: ({ ins, attrs, args }, cotangents) => {
    const { height, width } = imagesOf(ins[0])
    const { rows, columns } = kernelOf(ins[1])
    return pull(
      cotangents,
      ct => apply(conv2dInputGrad, { ...attrs, height, width })(ct, at(args, 1)),
      ct => apply(conv2dWeightGrad, { ...attrs, rows, columns })(ct, at(args, 0)),
    )
  },
  oracle: ([x = none, w = none], { ins, attrs }) => [
    hostConv(x, w, sure(forwardSides(ins, attrs))),
  ],
  fuse: ({ ins, attrs }, consumer, index) => {
    if (index !== 0) return O.none
    const all = [...ins, ...consumer.ins.slice(1)]
    return consumer.name === addBias.name
      ? O.fromEither(primitive(conv2dBias, { ...attrs, relu: false })(all))
      : normed(attrs, consumer)(all)
  },
})

/** (dy [B, H', W', O], w) -> dx [B, height, width, C]: what `conv2d` hands down to x. */
export const conv2dInputGrad: Op<InputGrad> = defineOp({
  name: 'conv2dInputGrad',
  split: cut(['rows', 'whole'], ['rows']),
  infer: (ins, conv) =>
    pipe(
      inputGradSides(ins, conv),
      E.filterOrElse(
        () => exactly(2, ins),
        () => 'needs dy and w',
      ),
      E.map(({ x }) => [imagesAval(x)]),
    ),
  flops: ({ ins, attrs }) => convFlops(sure(inputGradSides(ins, attrs))),
  lower: ({ ins, attrs }, target) =>
    lowerInputGradient(
      sure(inputGradSides(ins, attrs)),
      { label: 'conv2d input gradient', shader: store, bindings: [output()] },
      target,
    ),
  vjp: ({ ins, attrs, args }, cotangents) => {
    const { height: _, width: __, ...conv } = attrs
    const { rows, columns } = kernelOf(ins[1])
    return pull(
      cotangents,
      ct => apply(conv2d, conv)(ct, at(args, 1)),
      ct => apply(conv2dWeightGrad, { ...conv, rows, columns })(at(args, 0), ct),
    )
  },
  oracle: ([dy = none, w = none], { ins, attrs }) => [
    hostInputGradient(dy, w, sure(inputGradSides(ins, attrs))),
  ],
})

/** (dy [B, H', W', O], x [B, H, W, C]) -> dw [O, C / groups, rows, columns]: what `conv2d` hands down to w. */
export const conv2dWeightGrad: Op<WeightGrad> = defineOp({
  name: 'conv2dWeightGrad',
  split: cut(['rows', 'rows'], ['sum']),
  infer: (ins, conv) =>
    pipe(
      weightGradSides(ins, conv),
      E.filterOrElse(
        () => exactly(2, ins),
        () => 'needs dy and x',
      ),
      E.map(({ w }) => [kernelAval(w)]),
    ),
  flops: ({ ins, attrs }) => convFlops(sure(weightGradSides(ins, attrs))),
  lower: ({ ins, attrs }, target) =>
    lowerWeightGradient(
      sure(weightGradSides(ins, attrs)),
      { label: 'conv2d weight gradient', shader: storeWeights, bindings: [output()] },
      target,
    ),
  vjp: ({ ins, attrs, args }, cotangents) => {
    const { rows: _, columns: __, ...conv } = attrs
    const { height, width } = imagesOf(ins[1])
    return pull(
      cotangents,
      ct => apply(conv2d, conv)(at(args, 1), ct),
      ct => apply(conv2dInputGrad, { ...conv, height, width })(at(args, 0), ct),
    )
  },
  oracle: ([dy = none, x = none], { ins, attrs }) => [
    hostWeightGradient(dy, x, sure(weightGradSides(ins, attrs))),
  ],
  fuse: ({ ins, attrs }, consumer, index) => {
    const [p, , buffer, hyper] = consumer.ins
    return consumer.name === sgd.name && index === 1 && p && buffer && hyper
      ? O.fromEither(primitive(conv2dWeightGradSgd, attrs)([...ins, p, buffer, hyper]))
      : O.none
  },
})
