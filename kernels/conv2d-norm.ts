// What the planner makes of a convolution and a batch norm by given moments: one convolution with scaled weights, and
// with the residual sum and the activation that may follow.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import { type Aval, type Data, sameAval } from '../src/core/aval.ts'
import {
  type Dispatch,
  input,
  output,
  type Ref,
  real,
  scratch,
  type Target,
  word,
  type Work,
} from '../src/core/dispatch.ts'
import {
  defineOp,
  noGradient,
  type Op,
  type Primitive,
  primitive,
  type Site,
} from '../src/core/op.ts'
import storeNorm from '../shaders/conv-store-norm.wgsl' with { type: 'text' }
import storeNormAdd from '../shaders/conv-store-norm-add.wgsl' with { type: 'text' }
import shiftSource from '../shaders/norm-shift.wgsl' with { type: 'text' }
import { add } from './add.ts'
import { addRelu } from './add-relu.ts'
import { batchNormEval } from './batch-norm-eval.ts'
import { capOf, type Norm } from './batch-norm-lower.ts'
import { type Conv, convFlops, imagesAval } from './conv-form.ts'
import { hostConv } from './conv-host.ts'
import { lowerConv } from './conv-lower.ts'
import type { ConvEnding } from './conv-pass.ts'
import { forwardSides, sure } from './conv-sides.ts'
import { none } from './gpu-js.ts'
import { relu } from './relu.ts'
import { relu6 } from './relu6.ts'
import { isVector, operand } from './shapes.ts'

/** A convolution, a norm, a residual sum or none, and an activation or none. */
export interface NormedConv extends Conv, Norm {
  readonly residual: boolean
}

const isNorm = (y: Aval, vectors: ReadonlyArray<Aval>): boolean =>
  vectors.length === 4 && vectors.every(v => isVector(v, 'f32', y.shape[3] ?? 0))

const isRest = (y: Aval, rest: ReadonlyArray<Aval>, residual: boolean): boolean =>
  rest.length === Number(residual) && rest.every(r => sameAval(r, y))

const shiftInto = (to: Ref, columns: number, eps: number): Dispatch => ({
  label: 'norm shift',
  shader: shiftSource,
  constants: {},
  uniform: [word(columns), real(eps)],
  bindings: [input(2), input(3), input(4), input(5), to],
  workgroups: [Math.ceil(columns / 64), 1, 1],
})

const lower = ({ ins, attrs, outs }: Site<NormedConv>, target: Target): ReadonlyArray<Work> => {
  const columns = operand(outs, 0).shape[3] ?? 1
  const shift = scratch(3, 4 * columns)
  const ending: ConvEnding = {
    label: attrs.residual ? 'conv2d norm add' : 'conv2d norm',
    shader: attrs.residual ? storeNormAdd : storeNorm,
    bindings: attrs.residual ? [shift, input(6), output()] : [shift, output()],
    cap: capOf(attrs),
    scale: { gamma: input(2), variance: input(5), eps: attrs.eps },
  }
  const sides = sure(forwardSides(ins.slice(0, 2), attrs))
  return [shiftInto(shift, columns, attrs.eps), ...lowerConv(sides, ending, target)]
}

const oracle = (
  [x = none, w = none, ...rest]: ReadonlyArray<Data>,
  { ins, attrs, outs }: Site<NormedConv>,
): ReadonlyArray<Data> => {
  const y = hostConv(x, w, sure(forwardSides(ins.slice(0, 2), attrs)))
  const { activation, ...norm } = attrs
  const last = attrs.residual ? norm : attrs
  const alike = { attrs: null, ins: [...outs, ...outs], outs }
  const vectors = rest.slice(0, 4)
  const normed = batchNormEval.oracle([y, ...vectors], {
    attrs: last,
    ins: [...outs, ...ins.slice(2, 6)],
    outs,
  })
  if (!attrs.residual) return normed
  const sum = add.oracle([...normed, rest[4] ?? none], alike)
  return activation === undefined ? sum : (activation === 'relu' ? relu : relu6).oracle(sum, alike)
}

/** The attributes with what `consumer` does at the end, and whether it reads one operand more. */
const extended = (attrs: NormedConv, { name }: Primitive): O.Option<NormedConv> => {
  if (attrs.activation !== undefined) return O.none
  if (name === relu.name) return O.some({ ...attrs, activation: 'relu' })
  if (name === relu6.name) return O.some({ ...attrs, activation: 'relu6' })
  if (attrs.residual) return O.none
  if (name === add.name) return O.some({ ...attrs, residual: true })
  return name === addRelu.name ? O.some({ ...attrs, residual: true, activation: 'relu' }) : O.none
}

/**
 * (x [B, H, W, C], w [O, C / groups, rows, columns], gamma, beta, mean, variance [O], rest [B, H', W', O] if residual) ->
 * the activation of gamma (conv(x, w) - mean) / sqrt(variance + eps) + beta, plus rest.
 */
export const conv2dNorm: Op<NormedConv> = defineOp({
  name: 'conv2dNorm',
  infer: (ins, attrs) =>
    pipe(
      forwardSides(ins.slice(0, 2), attrs),
      E.map(({ y }) => imagesAval(y)),
      E.filterOrElse(
        y => isNorm(y, ins.slice(2, 6)) && isRest(y, ins.slice(6), attrs.residual),
        () => "needs x, w, gamma, beta, mean and variance f32[O], and a rest of the result's shape",
      ),
      E.map(y => [y]),
    ),
  flops: ({ ins, attrs }) => convFlops(sure(forwardSides(ins.slice(0, 2), attrs))),
  lower,
  vjp: noGradient,
  oracle,
  fuse: ({ ins, attrs }, consumer, at) =>
    pipe(
      extended(attrs, consumer),
      O.chain(more =>
        O.fromEither(
          primitive(conv2dNorm, more)([...ins, ...consumer.ins.filter((_, i) => i !== at)]),
        ),
      ),
    ),
})

const isNormAttrs = (attrs: unknown): attrs is Norm =>
  typeof attrs === 'object' && attrs !== null && 'eps' in attrs && typeof attrs.eps === 'number'

/** The convolution with `consumer`, if that is a norm by given moments; operands are those of both. */
export const normed =
  (conv: Conv, { name, attrs }: Primitive) =>
  (ins: ReadonlyArray<Aval>): O.Option<Primitive> =>
    name === batchNormEval.name && isNormAttrs(attrs)
      ? O.fromEither(primitive(conv2dNorm, { ...conv, ...attrs, residual: false })(ins))
      : O.none
