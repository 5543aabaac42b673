// Layer norm over the last axis, and its gradient.
import * as E from 'fp-ts/Either'
import * as O from 'fp-ts/Option'
import { type Aval, f32, sameAval } from '../src/core/aval.ts'
import { input, output, real, scratch } from '../src/core/dispatch.ts'
import { apply, applyAll, at, defineOp, noGradient, type Op } from '../src/core/op.ts'
import columnSums from '../shaders/column-sums.wgsl' with { type: 'text' }
import joinSource from '../shaders/join-sums.wgsl' with { type: 'text' }
import source from '../shaders/layer-norm.wgsl' with { type: 'text' }
import gradSource from '../shaders/layer-norm-grad.wgsl' with { type: 'text' }
import sumsSource from '../shaders/layer-norm-sums.wgsl' with { type: 'text' }
import { chunked, overChunks, overColumns } from './columns.ts'
import { cutAbove } from './cuts.ts'
import { none } from './gpu-js.ts'
import {
  hostGradient,
  hostInverse,
  hostMean,
  hostNorm,
  hostProducts,
  hostRowSums,
  hostSums,
} from './layer-norm-host.ts'
import { overRowsTogether } from './rows.ts'
import { isVector, operand, rowsOf, widthOf } from './shapes.ts'

/** What is added to the variance. */
export interface Epsilon {
  readonly eps: number
}

const areColumns = (x: Aval, ...vectors: ReadonlyArray<Aval | undefined>): boolean =>
  vectors.every(v => isVector(v, 'f32', widthOf(x)))

const areRows = (x: Aval, ...vectors: ReadonlyArray<Aval | undefined>): boolean =>
  vectors.every(v => isVector(v, 'f32', rowsOf(x)))

/**
 * (x [.., C], gamma [C], beta [C]) -> [y, mean [rows], inverse [rows]]: y = gamma (x - mean) inverse + beta with each
 * row's mean and inverse = 1 / sqrt(biased variance + eps) (Ba, Kiros and Hinton 2016). A gradient flows from y only.
 */
export const layerNorm: Op<Epsilon> = defineOp({
  name: 'layerNorm',
  split: cutAbove(['rows', 'whole', 'whole'], ['rows', 'rows', 'rows']),
  ports: 3,
  infer: ([x, gamma, beta, ...more]) =>
    x?.dtype === 'f32' && areColumns(x, gamma, beta) && more.length === 0
      ? E.right([x, f32(rowsOf(x)), f32(rowsOf(x))])
      : E.left('needs x f32[.., C], gamma f32[C] and beta f32[C]'),
  lower: ({ attrs, ins }, target) => [
    overRowsTogether(
      operand(ins, 0),
      {
        label: 'layerNorm',
        shader: source,
        bindings: [input(0), input(1), input(2), output(0), output(1), output(2)],
        params: [real(attrs.eps)],
      },
      target,
    ),
  ],
  vjp: ({ args, results }, [dy = O.none]) => {
    if (O.isNone(dy)) return args.map(() => O.none)
    const [x, gamma, mean, inverse] = [at(args, 0), at(args, 1), at(results, 1), at(results, 2)]
    const dx = apply(layerNormGrad, null)(x, dy.value, gamma, mean, inverse)
    return [dx, ...applyAll(layerNormSums, null)(x, dy.value, mean, inverse)].map(O.some)
  },
  oracle: ([x = none, gamma = none, beta = none], { attrs, ins }) => {
    const [rows, width] = [rowsOf(operand(ins, 0)), widthOf(operand(ins, 0))]
    const mean = hostMean(rows, x, width)
    const inverse = hostInverse(rows, x, mean, width, attrs.eps)
    return [hostNorm(x.length, x, gamma, beta, mean, inverse, width), mean, inverse]
  },
})

/** (x, dy [.., C], gamma [C], mean, inverse [rows]) -> dx of `layerNorm`. */
export const layerNormGrad: Op<null> = defineOp({
  name: 'layerNormGrad',
  split: cutAbove(['rows', 'rows', 'whole', 'rows', 'rows'], ['rows']),
  infer: ([x, dy, gamma, mean, inverse, ...more]) =>
    x?.dtype === 'f32' &&
    dy !== undefined &&
    sameAval(x, dy) &&
    areColumns(x, gamma) &&
    areRows(x, mean, inverse) &&
    more.length === 0
      ? E.right([x])
      : E.left('needs x and dy f32[.., C], gamma f32[C], mean and inverse f32[rows]'),
  lower: ({ ins }, target) => [
    overRowsTogether(
      operand(ins, 0),
      {
        label: 'layerNormGrad',
        shader: gradSource,
        bindings: [...ins.map((_, i) => input(i)), output()],
      },
      target,
    ),
  ],
  vjp: noGradient,
  oracle: ([x = none, dy = none, gamma = none, mean = none, inverse = none], { ins }) => {
    const [rows, width] = [rowsOf(operand(ins, 0)), widthOf(operand(ins, 0))]
    const sums = hostRowSums(2 * rows, x, dy, gamma, mean, inverse, width)
    return [hostGradient(x.length, x, dy, gamma, mean, inverse, sums, width)]
  },
})

/** (x, dy [.., C], mean, inverse [rows]) -> [dgamma, dbeta] of `layerNorm`, sums over the rows in a fixed order. */
export const layerNormSums: Op<null> = defineOp({
  name: 'layerNormSums',
  split: cutAbove(['rows', 'rows', 'rows', 'rows'], ['sum', 'sum']),
  ports: 2,
  infer: ([x, dy, mean, inverse, ...more]) =>
    x?.dtype === 'f32' &&
    dy !== undefined &&
    sameAval(x, dy) &&
    areRows(x, mean, inverse) &&
    more.length === 0
      ? E.right([f32(widthOf(x)), f32(widthOf(x))])
      : E.left('needs x and dy f32[.., C], mean and inverse f32[rows]'),
  lower: ({ ins }, target) => {
    const x = operand(ins, 0)
    const chunking = chunked('sum', x, target)
    const part = scratch(0, 8 * chunking.chunks * widthOf(x))
    const sums = [input(0), input(1), input(2), input(3), part]
    const join = [part, output(0), output(1)]
    return [
      overChunks(chunking, { label: 'layerNormSums', shader: sumsSource, bindings: sums }, target),
      overColumns(
        chunking,
        { label: 'layerNormSums join', shader: joinSource + columnSums, bindings: join },
        target,
      ),
    ]
  },
  vjp: noGradient,
  oracle: ([x = none, dy = none, mean = none, inverse = none], { ins }) => {
    const [rows, width] = [rowsOf(operand(ins, 0)), widthOf(operand(ins, 0))]
    return [
      hostProducts(width, x, dy, mean, inverse, rows, width),
      hostSums(width, dy, rows, width),
    ]
  },
})
