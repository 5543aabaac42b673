// Batch norm over the last axis by the statistics of the batch, with its gradient, and the running statistics.
import * as E from 'fp-ts/Either'
import * as O from 'fp-ts/Option'
import { f32, sameAval, sizeOf } from '../src/core/aval.ts'
import { input, output, real } from '../src/core/dispatch.ts'
import { apply, applyAll, at, defineOp, noGradient, type Op } from '../src/core/op.ts'
import runningSource from '../shaders/running-moments.wgsl' with { type: 'text' }
import { batchNormEval, batchNormSums } from './batch-norm-eval.ts'
import {
  hostCount,
  hostGradient,
  hostMask,
  hostMean,
  hostNorm,
  hostProducts,
  hostSum,
  hostVariance,
} from './batch-norm-host.ts'
import {
  batchGradient,
  capOf,
  factorsOf,
  imagesOf,
  momentsInto,
  type Norm,
  normalised,
  spanOf,
  sumsInto,
} from './batch-norm-lower.ts'
import { areVectors, batchMoments, batchNormInputGrad, isBatch } from './batch-norm-parts.ts'
import { type Flat, hostKernel, none } from './gpu-js.ts'
import { overVec4s } from './pointwise.ts'
import { isArray, isVector, operand, rowsOf, widthOf } from './shapes.ts'

export type { Norm } from './batch-norm-lower.ts'

/**
 * (x [B, .., C], gamma [C], beta [C], weights [B]) -> [y, mean [C], variance [C], count [1]]: y = gamma (x - mean) /
 * sqrt(variance + eps) + beta by the batch's mean and biased variance over the `count` rows of the images whose weight is
 * above 0; all rows are normalised (Ioffe and Szegedy 2015). A gradient flows from y only, and none to the weights.
 */
export const batchNorm: Op<Norm> = defineOp({
  name: 'batchNorm',
  ports: 4,
  expand: ({ attrs }, args) => {
    const [x, gamma, beta, weights] = [at(args, 0), at(args, 1), at(args, 2), at(args, 3)]
    const moments = applyAll(batchMoments, null)(x, weights)
    const y = apply(batchNormEval, attrs)(x, gamma, beta, at(moments, 0), at(moments, 1))
    return [y, ...moments]
  },
  again: ({ attrs, args, results }) => {
    const [x, gamma, beta] = [at(args, 0), at(args, 1), at(args, 2)]
    const [, ...moments] = results
    const y = apply(batchNormEval, attrs)(x, gamma, beta, at(moments, 0), at(moments, 1))
    return [y, ...moments]
  },
  infer: ([x, gamma, beta, weights, ...more]) =>
    isBatch(x, weights) && areVectors(x, gamma, beta) && more.length === 0
      ? E.right([x, f32(widthOf(x)), f32(widthOf(x)), f32(1)])
      : E.left('needs x f32[B, .., C], gamma f32[C], beta f32[C] and weights f32[B]'),
  lower: ({ attrs, ins }, target) => {
    const x = operand(ins, 0)
    const [mean, variance, count] = [output(1), output(2), output(3)]
    const batch = { x: input(0), weights: input(3), images: imagesOf(operand(ins, 3)) }
    const columns = { gamma: input(1), beta: input(2), mean, variance }
    return [
      ...momentsInto(x, batch, { mean, variance, count }, target),
      normalised(x, attrs, columns, [input(0), output(0)], target),
    ]
  },
  vjp: ({ attrs, args, results }, [dy = O.none]) => {
    if (O.isNone(dy)) return args.map(() => O.none)
    const [x, gamma, beta, weights] = [at(args, 0), at(args, 1), at(args, 2), at(args, 3)]
    const [mean, variance, count] = [at(results, 1), at(results, 2), at(results, 3)]
    const gradients = applyAll(batchNormGrad, attrs)
    const dxs = gradients(x, dy.value, gamma, beta, mean, variance, weights, count)
    return [...dxs.map(O.some), O.none]
  },
  oracle: ([x = none, gamma = none, beta = none, weights = none], { attrs, ins }) => {
    const aval = operand(ins, 0)
    const [rows, width, span] = [rowsOf(aval), widthOf(aval), spanOf(aval, weights.length)]
    const mean = hostMean(width, x, weights, rows, width, span)
    const variance = hostVariance(width, x, weights, mean, rows, width, span)
    const y = hostNorm(x.length, x, gamma, beta, mean, variance, width, attrs.eps, capOf(attrs))
    return [y, mean, variance, hostCount(1, weights, weights.length, span)]
  },
})

/**
 * (x, dy, gamma, beta, mean, variance, weights, count) -> [dx, dgamma, dbeta], the gradient of `batchNorm` through the
 * batch's mean and variance too.
 */
export const batchNormGrad: Op<Norm> = defineOp({
  name: 'batchNormGrad',
  ports: 3,
  expand: ({ attrs }, args) => {
    const sums = applyAll(batchNormSums, attrs)(...args.slice(0, 6))
    return [apply(batchNormInputGrad, attrs)(...args, ...sums), ...sums]
  },
  infer: ([x, dy, gamma, beta, mean, variance, weights, count, ...more]) =>
    isBatch(x, weights) &&
    dy !== undefined &&
    sameAval(x, dy) &&
    areVectors(x, gamma, beta, mean, variance) &&
    isVector(count, 'f32', 1) &&
    more.length === 0
      ? E.right([x, f32(widthOf(x)), f32(widthOf(x))])
      : E.left('needs x and dy, four vectors f32[C], weights f32[B] and count f32[1]'),
  lower: ({ attrs, ins }, target) => {
    const x = operand(ins, 0)
    const factors = factorsOf(x)
    const [gamma, beta, mean, variance] = [input(2), input(3), input(4), input(5)]
    const sums = { count: input(7), dgamma: output(1), dbeta: output(2), factors }
    const shared = { beta, mean, factors, weights: input(6), images: imagesOf(operand(ins, 6)) }
    const columns = { gamma, beta, mean, variance }
    return [
      ...sumsInto(x, attrs, columns, [input(0), input(1)], sums, target),
      batchGradient(x, attrs, shared, [input(0), input(1), output(0)], target),
    ]
  },
  vjp: noGradient,
  oracle: (data, { attrs, ins }) => {
    const [x = none, dy = none, gamma = none, beta = none] = data
    const [mean = none, variance = none, weights = none, count = none] = data.slice(4)
    const aval = operand(ins, 0)
    const [rows, width, span] = [rowsOf(aval), widthOf(aval), spanOf(aval, weights.length)]
    const { eps } = attrs
    const y = hostNorm(x.length, x, gamma, beta, mean, variance, width, eps, 0)
    const d = hostMask(x.length, y, dy, capOf(attrs))
    const dgamma = hostProducts(width, d, x, mean, variance, rows, width, eps)
    const dbeta = hostSum(width, d, rows, width)
    const rowwise = [x, d, gamma, mean, variance, weights, count, dgamma, dbeta] as const
    return [hostGradient(x.length, ...rowwise, width, span, eps), dgamma, dbeta]
  },
})

/** How fast running moments follow the batches'; PyTorch's default is 0.1. */
export interface Momentum {
  readonly momentum: number
}

const follow = hostKernel(function (old: Flat, batch: Flat, momentum: number, factor: number) {
  const was = old[this.thread.x] ?? 0
  return was + momentum * (factor * (batch[this.thread.x] ?? 0) - was)
})

/**
 * (mean, variance, batchMean, batchVariance [C], count [1]) -> [mean, variance] overwritten by (1 - m) old + m new; the
 * batch's variance enters unbiased, times count / (count - 1), as in torch.nn.BatchNorm2d.
 */
export const runningMoments: Op<Momentum> = defineOp({
  name: 'runningMoments',
  ports: 2,
  overwrites: [
    { index: 0, port: 0 },
    { index: 1, port: 1 },
  ],
  infer: ([mean, variance, batchMean, batchVariance, count, ...more]) =>
    isArray(mean, 'f32', 1) &&
    [variance, batchMean, batchVariance].every(v => isVector(v, 'f32', sizeOf(mean))) &&
    isVector(count, 'f32', 1) &&
    more.length === 0
      ? E.right([mean, mean])
      : E.left('needs running and batch mean and variance f32[C], and count f32[1]'),
  lower: ({ attrs, ins }, target) => [
    overVec4s(operand(ins, 0), target, {
      label: 'runningMoments',
      shader: runningSource,
      params: [real(attrs.momentum)],
      bindings: [output(0), output(1), input(2), input(3), input(4)],
    }),
  ],
  vjp: noGradient,
  oracle: (
    [mean = none, variance = none, batchMean = none, batchVariance = none, count = none],
    { attrs },
  ) => {
    const n = count[0] ?? 0
    const momentum = n > 0 ? attrs.momentum : 0
    return [
      follow(mean.length, mean, batchMean, momentum, 1),
      follow(mean.length, variance, batchVariance, momentum, n / Math.max(n - 1, 1)),
    ]
  },
})
