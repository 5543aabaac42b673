// Batch norm over the last axis by given moments, as in evaluation and in frozen blocks, with its gradient.
import * as E from 'fp-ts/Either'
import * as O from 'fp-ts/Option'
import { type Aval, f32, sameAval } from '../src/core/aval.ts'
import { input, output, scratch } from '../src/core/dispatch.ts'
import { apply, applyAll, at, defineOp, noGradient, type Op } from '../src/core/op.ts'
import { hostMapGradient, hostMask, hostNorm, hostProducts, hostSum } from './batch-norm-host.ts'
import {
  capOf,
  factorsOf,
  mapGradient,
  type Norm,
  normalised,
  sumsInto,
} from './batch-norm-lower.ts'
import { cutAbove } from './cuts.ts'
import { none } from './gpu-js.ts'
import { isVector, operand, rowsOf, widthOf } from './shapes.ts'

const fits = (x: Aval | undefined, vectors: ReadonlyArray<Aval>): x is Aval =>
  x?.dtype === 'f32' && vectors.length === 4 && vectors.every(v => isVector(v, 'f32', widthOf(x)))

/**
 * (x [.., C], gamma, beta, mean, variance [C]) -> gamma (x - mean) / sqrt(variance + eps) + beta. No gradient flows to
 * the moments.
 */
export const batchNormEval: Op<Norm> = defineOp({
  name: 'batchNormEval',
  split: cutAbove(['rows', 'whole', 'whole', 'whole', 'whole'], ['rows']),
  infer: ([x, ...vectors]) =>
    fits(x, vectors)
      ? E.right([x])
      : E.left('needs x f32[.., C], gamma, beta, mean and variance f32[C]'),
  lower: ({ attrs, ins }, target) => [
    normalised(
      operand(ins, 0),
      attrs,
      { gamma: input(1), beta: input(2), mean: input(3), variance: input(4) },
      [input(0), output()],
      target,
    ),
  ],
  vjp: ({ attrs, args }, [dy = O.none]) => {
    if (O.isNone(dy)) return args.map(() => O.none)
    const [x, ...vectors] = args
    const all = [at([x ?? dy.value], 0), dy.value, ...vectors]
    const dx = apply(batchNormEvalGrad, attrs)(...all)
    return [dx, ...applyAll(batchNormSums, attrs)(...all)].map(O.some).concat([O.none, O.none])
  },
  oracle: (data, { attrs, ins }) => {
    const [x = none, gamma = none, beta = none, mean = none, variance = none] = data
    const width = widthOf(operand(ins, 0))
    return [hostNorm(x.length, x, gamma, beta, mean, variance, width, attrs.eps, capOf(attrs))]
  },
})

const rule = (
  ins: ReadonlyArray<Aval>,
  outs: (x: Aval) => ReadonlyArray<Aval>,
): E.Either<string, ReadonlyArray<Aval>> => {
  const [x, dy, ...vectors] = ins
  return fits(x, vectors) && dy !== undefined && sameAval(x, dy)
    ? E.right(outs(x))
    : E.left('needs x and dy f32[.., C], gamma, beta, mean and variance f32[C]')
}

/** (x, dy, gamma, beta, mean, variance) -> dx of `batchNormEval`. */
export const batchNormEvalGrad: Op<Norm> = defineOp({
  name: 'batchNormEvalGrad',
  split: cutAbove(['rows', 'rows', 'whole', 'whole', 'whole', 'whole'], ['rows']),
  infer: ins => rule(ins, x => [x]),
  lower: ({ attrs, ins }, target) => [
    mapGradient(
      operand(ins, 0),
      attrs,
      { gamma: input(2), beta: input(3), mean: input(4), variance: input(5) },
      [input(0), input(1), output()],
      target,
    ),
  ],
  vjp: noGradient,
  oracle: (data, { attrs, ins }) => {
    const [x = none, dy = none, gamma = none, beta = none, mean = none, variance = none] = data
    const width = widthOf(operand(ins, 0))
    const y = hostNorm(x.length, x, gamma, beta, mean, variance, width, attrs.eps, 0)
    const d = hostMask(x.length, y, dy, capOf(attrs))
    return [hostMapGradient(x.length, d, gamma, variance, width, attrs.eps)]
  },
})

/** (x, dy, gamma, beta, mean, variance) -> [dgamma, dbeta] of `batchNormEval`, sums over all rows in a fixed order. */
export const batchNormSums: Op<Norm> = defineOp({
  name: 'batchNormSums',
  split: cutAbove(['rows', 'rows', 'whole', 'whole', 'whole', 'whole'], ['sum', 'sum']),
  ports: 2,
  infer: ins => rule(ins, x => [f32(widthOf(x)), f32(widthOf(x))]),
  lower: ({ attrs, ins }, target) => {
    const x = operand(ins, 0)
    const unused = { count: scratch(2, 16), factors: factorsOf(x) }
    return sumsInto(
      x,
      attrs,
      { gamma: input(2), beta: input(3), mean: input(4), variance: input(5) },
      [input(0), input(1)],
      { ...unused, dgamma: output(0), dbeta: output(1) },
      target,
    )
  },
  vjp: noGradient,
  oracle: (data, { attrs, ins }) => {
    const [x = none, dy = none, gamma = none, beta = none, mean = none, variance = none] = data
    const [rows, width] = [rowsOf(operand(ins, 0)), widthOf(operand(ins, 0))]
    const y = hostNorm(x.length, x, gamma, beta, mean, variance, width, attrs.eps, 0)
    const d = hostMask(x.length, y, dy, capOf(attrs))
    const dgamma = hostProducts(width, d, x, mean, variance, rows, width, attrs.eps)
    return [dgamma, hostSum(width, d, rows, width)]
  },
})
