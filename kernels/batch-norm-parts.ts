// Batch norm in steps that fall apart over parts of a batch: moments, how those of two parts join, dx from given sums.
import * as E from 'fp-ts/Either'
import { type Aval, f32, sameAval } from '../src/core/aval.ts'
import { input, output, real, word } from '../src/core/dispatch.ts'
import { defineOp, noGradient, type Op, primitive } from '../src/core/op.ts'
import factorsSource from '../shaders/norm-factors.wgsl' with { type: 'text' }
import joinSource from '../shaders/join-moments.wgsl' with { type: 'text' }
import {
  hostCount,
  hostGradient,
  hostMask,
  hostMean,
  hostNorm,
  hostVariance,
} from './batch-norm-host.ts'
import {
  batchGradient,
  capOf,
  factorsOf,
  imagesOf,
  momentsInto,
  type Norm,
  spanOf,
} from './batch-norm-lower.ts'
import { cut } from './cuts.ts'
import { type Flat, hostKernel, none } from './gpu-js.ts'
import { overVec4s } from './pointwise.ts'
import { isArray, isVector, operand, rowsOf, widthOf } from './shapes.ts'

/** Is x f32[B, .., C], with weights f32[B]? */
export const isBatch = (x: Aval | undefined, weights: Aval | undefined): x is Aval =>
  x?.dtype === 'f32' &&
  x.shape.length > 1 &&
  isArray(weights, 'f32', 1) &&
  weights.shape[0] === x.shape[0]

/** Are all of these f32[C], with C the columns of x? */
export const areVectors = (x: Aval, ...vectors: ReadonlyArray<Aval | undefined>): boolean =>
  vectors.every(vector => isVector(vector, 'f32', widthOf(x)))

const areMoments = (ins: ReadonlyArray<Aval>): boolean => {
  const [mean, variance, count] = ins
  return isArray(mean, 'f32', 1) && areVectors(mean, variance) && isVector(count, 'f32', 1)
}

const shareOfSecond = (count1: Flat, count2: Flat): number =>
  (count2[0] ?? 0) / Math.max((count1[0] ?? 0) + (count2[0] ?? 0), 1)

const joinMeans = hostKernel(function (mean1: Flat, mean2: Flat, share: number) {
  const mean = mean1[this.thread.x] ?? 0
  return mean + share * ((mean2[this.thread.x] ?? 0) - mean)
})

const joinVariances = hostKernel(function (
  mean1: Flat,
  mean2: Flat,
  variance1: Flat,
  variance2: Flat,
  share: number,
) {
  const d = (mean2[this.thread.x] ?? 0) - (mean1[this.thread.x] ?? 0)
  const own = (1 - share) * (variance1[this.thread.x] ?? 0)
  return own + share * (variance2[this.thread.x] ?? 0) + share * (1 - share) * d * d
})

const addCounts = hostKernel(function (a: Flat, b: Flat) {
  return (a[this.thread.x] ?? 0) + (b[this.thread.x] ?? 0)
})

/**
 * (mean, variance [C], count [1] of one batch, and of another) -> those of both together, over the first's (Chan, Golub
 * and LeVeque 1983).
 */
export const joinMoments: Op<null> = defineOp({
  name: 'joinMoments',
  ports: 3,
  overwrites: [
    { index: 0, port: 0 },
    { index: 1, port: 1 },
  ],
  infer: ins =>
    ins.length === 6 &&
    areMoments(ins) &&
    ins.slice(3).every((aval, i) => sameAval(aval, operand(ins, i)))
      ? E.right(ins.slice(0, 3))
      : E.left('needs mean f32[C], variance f32[C] and count f32[1], twice'),
  lower: ({ ins }, target) => [
    overVec4s(operand(ins, 0), target, {
      label: 'joinMoments',
      shader: joinSource,
      bindings: [output(0), output(1), input(2), input(3), input(4), input(5), output(2)],
    }),
  ],
  vjp: noGradient,
  oracle: ([mean1 = none, variance1 = none, count1 = none, ...second]) => {
    const [mean2 = none, variance2 = none, count2 = none] = second
    const share = shareOfSecond(count1, count2)
    return [
      joinMeans(mean1.length, mean1, mean2, share),
      joinVariances(mean1.length, mean1, mean2, variance1, variance2, share),
      addCounts(1, count1, count2),
    ]
  },
})

/**
 * (x [B, .., C], weights [B]) -> [mean [C], variance [C], count [1]], the mean and biased variance over the `count` rows
 * of the images whose weight is above 0.
 */
export const batchMoments: Op<null> = defineOp({
  name: 'batchMoments',
  ports: 3,
  split: () => [
    {
      ins: ['rows', 'rows'],
      outs: ['sum', 'sum', 'sum'],
      join: primitive(joinMoments, null),
    },
  ],
  infer: ([x, weights, ...more]) =>
    isBatch(x, weights) && more.length === 0
      ? E.right([f32(widthOf(x)), f32(widthOf(x)), f32(1)])
      : E.left('needs x f32[B, .., C] and weights f32[B]'),
  lower: ({ ins }, target) => {
    const batch = { x: input(0), weights: input(1), images: imagesOf(operand(ins, 1)) }
    const to = { mean: output(0), variance: output(1), count: output(2) }
    return momentsInto(operand(ins, 0), batch, to, target)
  },
  vjp: noGradient,
  oracle: ([x = none, weights = none], { ins }) => {
    const aval = operand(ins, 0)
    const [rows, width, span] = [rowsOf(aval), widthOf(aval), spanOf(aval, weights.length)]
    const mean = hostMean(width, x, weights, rows, width, span)
    const variance = hostVariance(width, x, weights, mean, rows, width, span)
    return [mean, variance, hostCount(1, weights, weights.length, span)]
  },
})

/**
 * (x, dy [B, .., C], gamma, beta, mean, variance [C], weights [B], count [1], dgamma, dbeta [C]) -> dx of `batchNorm`
 * through the map and the moments, from the sums over the whole batch.
 */
export const batchNormInputGrad: Op<Norm> = defineOp({
  name: 'batchNormInputGrad',
  split: cut(
    ['rows', 'rows', 'whole', 'whole', 'whole', 'whole', 'rows', 'whole', 'whole', 'whole'],
    ['rows'],
  ),
  infer: ([x, dy, gamma, beta, mean, variance, weights, count, dgamma, dbeta, ...more]) =>
    isBatch(x, weights) &&
    dy !== undefined &&
    sameAval(x, dy) &&
    areVectors(x, gamma, beta, mean, variance, dgamma, dbeta) &&
    isVector(count, 'f32', 1) &&
    more.length === 0
      ? E.right([x])
      : E.left('needs x and dy, four vectors f32[C], weights f32[B], count f32[1], two f32[C]'),
  lower: ({ attrs, ins }, target) => {
    const x = operand(ins, 0)
    const factors = factorsOf(x)
    const shared = {
      beta: input(3),
      mean: input(4),
      factors,
      weights: input(6),
      images: imagesOf(operand(ins, 6)),
    }
    return [
      {
        label: 'norm factors',
        shader: factorsSource,
        constants: {},
        uniform: [word(widthOf(x)), real(attrs.eps)],
        bindings: [input(2), input(5), input(7), input(8), input(9), factors],
        workgroups: [Math.ceil(widthOf(x) / 64), 1, 1],
      },
      batchGradient(x, attrs, shared, [input(0), input(1), output()], target),
    ]
  },
  vjp: noGradient,
  oracle: (data, { attrs, ins }) => {
    const [x = none, dy = none, gamma = none, beta = none, mean = none] = data
    const [variance = none, weights = none, count = none, dgamma = none, dbeta = none] =
      data.slice(5)
    const [width, span] = [widthOf(operand(ins, 0)), spanOf(operand(ins, 0), weights.length)]
    const { eps } = attrs
    const y = hostNorm(x.length, x, gamma, beta, mean, variance, width, eps, 0)
    const d = hostMask(x.length, y, dy, capOf(attrs))
    const rowwise = [x, d, gamma, mean, variance, weights, count, dgamma, dbeta] as const
    return [hostGradient(x.length, ...rowwise, width, span, eps)]
  },
})
