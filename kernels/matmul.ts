// Matrix products, the linear layer over them, and what the planner makes of them with ReLU and SGD.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import { type Aval, sameAval } from '../src/core/aval.ts'
import { input, output } from '../src/core/dispatch.ts'
import {
  apply,
  at,
  defineOp,
  noGradient,
  type Op,
  type Primitive,
  primitive,
  type Splitting,
} from '../src/core/op.ts'
import store from '../shaders/matmul-store.wgsl' with { type: 'text' }
import storeBias from '../shaders/matmul-store-bias.wgsl' with { type: 'text' }
import storeReluGrad from '../shaders/matmul-store-relu-grad.wgsl' with { type: 'text' }
import storeSgd from '../shaders/matmul-store-sgd.wgsl' with { type: 'text' }
import { sumRows } from './add-bias.ts'
import { type Flat, hostKernel, none } from './gpu-js.ts'
import { type Form, productFlops, productOf, sizesOf } from './matmul-form.ts'
import { hostProduct } from './matmul-host.ts'
import { lowerProduct } from './matmul-lower.ts'
import { relu, reluGrad } from './relu.ts'
import { sgd } from './sgd.ts'
import { isVector, operand, pull } from './shapes.ts'

export type { Form } from './matmul-form.ts'

const nt: Form = { form: 'NT' }

const product = (form: Form['form'], a: Parameters<typeof at>[0][number], b: typeof a) =>
  apply(matmul, { form })(a, b)

/** An op over the operands of a product and `others`, whose shape rule `more` sees the product's shape. */
const shapeRule =
  (message: string, more: (c: Aval, others: ReadonlyArray<Aval>) => boolean) =>
  (ins: ReadonlyArray<Aval>, form: Form): E.Either<string, Aval> =>
    pipe(
      productOf(ins, form),
      E.filterOrElse(
        c => more(c, ins.slice(2)),
        () => message,
      ),
    )

const isAlike =
  (c: Aval) =>
  (other: Aval | undefined): boolean =>
    other !== undefined && sameAval(c, other)

/** How a product falls apart: by the batch, and by the rows of a large matrix of weights. */
const ways: Readonly<Record<Form['form'], ReadonlyArray<Splitting>>> = {
  NN: [
    { ins: ['rows', 'whole'], outs: ['rows'] },
    { ins: ['columns', 'rows'], outs: ['sum'] },
  ],
  NT: [
    { ins: ['rows', 'whole'], outs: ['rows'] },
    { ins: ['whole', 'rows'], outs: ['columns'] },
  ],
  TN: [
    { ins: ['rows', 'rows'], outs: ['sum'] },
    { ins: ['columns', 'whole'], outs: ['rows'] },
  ],
}

/** (A, B) -> their product in the given form, f32, summed over the common dimension. */
export const matmul: Op<Form> = defineOp({
  name: 'matmul',
  split: ({ attrs }) => ways[attrs.form],
  infer: (ins, form) =>
    pipe(
      shapeRule('needs two operands', (_, others) => others.length === 0)(ins, form),
      E.map(c => [c]),
    ),
  flops: ({ ins, attrs }) => productFlops(sizesOf(ins, attrs)),
  lower: ({ ins, attrs }, target) =>
    lowerProduct(
      sizesOf(ins, attrs),
      attrs,
      { label: `matmul ${attrs.form}`, shader: store, bindings: [output()] },
      target,
    ),
  vjp: ({ attrs, args }, cotangents) => {
    const [a, b] = [at(args, 0), at(args, 1)]
    switch (attrs.form) {
      case 'NN':
        return pull(
          cotangents,
          ct => product('NT', ct, b),
          ct => product('TN', a, ct),
        )
      case 'NT':
        return pull(
          cotangents,
          ct => product('NN', ct, b),
          ct => product('TN', ct, a),
        )
      case 'TN':
        return pull(
          cotangents,
          ct => product('NT', b, ct),
          ct => product('NN', a, ct),
        )
    }
  },
  oracle: ([a = none, b = none], { ins, attrs }) => [hostProduct(a, b, sizesOf(ins, attrs), attrs)],
  fuse: (site, consumer, index) => {
    if (index !== 1) return O.none
    const fused = (op: Op<Form>, others: ReadonlyArray<Aval>): O.Option<Primitive> =>
      O.fromEither(primitive(op, site.attrs)([...site.ins, ...others]))
    const [first, , ...rest] = consumer.ins
    if (first === undefined) return O.none
    if (consumer.name === sgd.name) return fused(matmulSgd, [first, ...rest])
    return consumer.name === reluGrad.name ? fused(matmulReluGrad, [first]) : O.none
  },
})

const addToRows = hostKernel(function (x: Flat, b: Flat, width: number) {
  return (x[this.thread.x] ?? 0) + (b[this.thread.x % width] ?? 0)
})

const linearLike = (
  name: string,
  ends: boolean,
): Pick<Op<object>, 'name' | 'infer' | 'flops' | 'lower'> => ({
  name,
  infer: ins =>
    pipe(
      shapeRule('needs x [B, D], w [O, D] and b [O]', ({ shape: [, width = 0] }, others) => {
        return others.length === 1 && isVector(others[0], 'f32', width)
      })(ins, nt),
      E.map(c => [c]),
    ),
  flops: ({ ins }) => productFlops(sizesOf(ins, nt)),
  lower: ({ ins }, target) =>
    lowerProduct(
      sizesOf(ins, nt),
      nt,
      { label: name, shader: storeBias, bindings: [input(2), output()], relu: ends },
      target,
    ),
})

/** (x [B, D], w [O, D], b [O]) -> x w^T + b, PyTorch's `nn.functional.linear`. */
export const linear: Op<object> = defineOp({
  ...linearLike('linear', false),
  split: () => [
    { ins: ['rows', 'whole', 'whole'], outs: ['rows'] },
    { ins: ['whole', 'rows', 'rows'], outs: ['columns'] },
  ],
  vjp: ({ args }, cotangents) =>
    pull(
      cotangents,
      ct => product('NN', ct, at(args, 1)),
      ct => product('TN', ct, at(args, 0)),
      apply(sumRows, null),
    ),
  oracle: ([x = none, w = none, b = none], { ins }) => {
    const y = hostProduct(x, w, sizesOf(ins, nt), nt)
    return [addToRows(y.length, y, b, b.length)]
  },
  fuse: ({ ins }, consumer) =>
    consumer.name === relu.name ? O.fromEither(primitive(linearRelu, {})(ins)) : O.none,
})

/** `linear` and then `relu`, in one pass over the result; what the planner makes of the two. */
export const linearRelu: Op<object> = defineOp({
  ...linearLike('linearRelu', true),
  vjp: noGradient,
  oracle: (data, { attrs, ins, outs }) =>
    relu.oracle(linear.oracle(data, { attrs, ins, outs }), { attrs: null, ins: outs, outs }),
})

/** (A, B, y) -> the product where y > 0, else 0: `matmul` and then `reluGrad`, as the planner makes them one. */
export const matmulReluGrad: Op<Form> = defineOp({
  name: 'matmulReluGrad',
  infer: (ins, form) =>
    pipe(
      shapeRule(
        "needs two operands and an array of the product's shape",
        (c, others) => others.length === 1 && others.every(isAlike(c)),
      )(ins, form),
      E.map(c => [c]),
    ),
  flops: ({ ins, attrs }) => productFlops(sizesOf(ins, attrs)),
  lower: ({ ins, attrs }, target) =>
    lowerProduct(
      sizesOf(ins, attrs),
      attrs,
      {
        label: `matmul ${attrs.form} reluGrad`,
        shader: storeReluGrad,
        bindings: [input(2), output()],
      },
      target,
    ),
  vjp: noGradient,
  oracle: ([a = none, b = none, y = none], { ins, attrs, outs }) =>
    reluGrad.oracle([y, hostProduct(a, b, sizesOf(ins, attrs), attrs)], {
      attrs: null,
      ins: [operand(ins, 2), operand(outs, 0)],
      outs,
    }),
})

/**
 * (A, B, p, buffer, hyper [4]) -> [p, buffer] overwritten by `sgd` with the product as gradient, which is never stored:
 * what the planner makes of a weight's gradient and its update.
 */
export const matmulSgd: Op<Form> = defineOp({
  name: 'matmulSgd',
  ports: 2,
  overwrites: [
    { index: 2, port: 0 },
    { index: 3, port: 1 },
  ],
  infer: (ins, form) =>
    pipe(
      shapeRule(
        "needs two operands, parameter and buffer of the product's shape, and hyper f32[4]",
        (c, [p, buffer, hyper, ...more]) =>
          isAlike(c)(p) && isAlike(c)(buffer) && isVector(hyper, 'f32', 4) && more.length === 0,
      )(ins, form),
      E.map(c => [c, c]),
    ),
  flops: ({ ins, attrs }) => productFlops(sizesOf(ins, attrs)),
  lower: ({ ins, attrs }, target) =>
    lowerProduct(
      sizesOf(ins, attrs),
      attrs,
      {
        label: `matmul ${attrs.form} sgd`,
        shader: storeSgd,
        bindings: [output(0), output(1), input(4)],
      },
      target,
    ),
  vjp: noGradient,
  oracle: ([a = none, b = none, p = none, buffer = none, hyper = none], { ins, attrs, outs }) => {
    const [dw, slot, h] = [operand(outs, 0), operand(ins, 3), operand(ins, 4)]
    const gradient = hostProduct(a, b, sizesOf(ins, attrs), attrs)
    return sgd.oracle([p, gradient, buffer, hyper], { attrs: null, ins: [dw, dw, slot, h], outs })
  },
})
