// Dispatches of batch norm: moments, the normalised map, and the sums and maps of its gradient.
import { type Aval, sizeOf } from '../src/core/aval.ts'
import { type Dispatch, type Ref, real, scratch, type Target, word } from '../src/core/dispatch.ts'
import evalGradSource from '../shaders/batch-norm-eval-grad.wgsl' with { type: 'text' }
import gradSource from '../shaders/batch-norm-grad.wgsl' with { type: 'text' }
import joinMoments from '../shaders/batch-moments-join.wgsl' with { type: 'text' }
import momentsSource from '../shaders/batch-moments.wgsl' with { type: 'text' }
import columnSums from '../shaders/column-sums.wgsl' with { type: 'text' }
import joinSums from '../shaders/batch-norm-sums-join.wgsl' with { type: 'text' }
import source from '../shaders/batch-norm.wgsl' with { type: 'text' }
import sumsSource from '../shaders/batch-norm-sums.wgsl' with { type: 'text' }
import { chunked, overChunks, overColumns } from './columns.ts'
import { rowsOf, widthOf } from './shapes.ts'

/** What is added to the variance, and what follows in the same pass (nothing where left out). */
export interface Norm {
  readonly eps: number
  readonly activation?: 'relu' | 'relu6'
}

const largest = (2 - 2 ** -23) * 2 ** 127

/** Upper end of the values that what follows lets through unchanged; 0 where nothing follows. */
export const capOf = ({ activation }: Norm): number =>
  activation === undefined ? 0 : activation === 'relu' ? largest : 6

/** Affine parameters and moments, each [C]. */
export interface PerColumn {
  readonly gamma: Ref
  readonly beta: Ref
  readonly mean: Ref
  readonly variance: Ref
}

const partBytes = (parts: number, chunks: number, x: Aval): number =>
  4 * parts * chunks * widthOf(x)

/** Rows of x that belong to one image. */
export const spanOf = (x: Aval, images: number): number => rowsOf(x) / images

/** Where the moments of a batch go. */
export interface Moments {
  readonly mean: Ref
  readonly variance: Ref
  readonly count: Ref
}

/** x [B, .., C] and weights [B] -> mean, biased variance and number of the rows that count; scratch 0. */
export const momentsInto = (
  x: Aval,
  refs: { readonly x: Ref; readonly weights: Ref; readonly images: number },
  to: Moments,
  target: Target,
): ReadonlyArray<Dispatch> => {
  const chunking = chunked('sum', x, target)
  const part = scratch(0, partBytes(3, chunking.chunks, x))
  const moments = {
    label: 'batchMoments',
    shader: momentsSource,
    bindings: [refs.x, refs.weights, part],
    params: [word(spanOf(x, refs.images))],
  }
  const join = {
    label: 'batchMoments join',
    shader: joinMoments,
    bindings: [part, to.mean, to.variance, to.count],
  }
  return [overChunks(chunking, moments, target), overColumns(chunking, join, target)]
}

/** x [.., C] -> y, normalised by given moments. */
export const normalised = (
  x: Aval,
  norm: Norm,
  { gamma, beta, mean, variance }: PerColumn,
  [from, to]: readonly [Ref, Ref],
  target: Target,
): Dispatch =>
  overChunks(
    chunked('map', x, target),
    {
      label: 'batchNorm',
      shader: source,
      bindings: [from, gamma, beta, mean, variance, to],
      params: [real(norm.eps), real(capOf(norm))],
    },
    target,
  )

/** The gradient of the map alone: dx from x and dy, moments held fixed. */
export const mapGradient = (
  x: Aval,
  norm: Norm,
  { gamma, beta, mean, variance }: PerColumn,
  [from, dy, dx]: readonly [Ref, Ref, Ref],
  target: Target,
): Dispatch =>
  overChunks(
    chunked('map', x, target),
    {
      label: 'batchNormEvalGrad',
      shader: evalGradSource,
      bindings: [from, dy, gamma, beta, mean, variance, dx],
      params: [real(norm.eps), real(capOf(norm))],
    },
    target,
  )

/** Where the sums over rows go; `factors` [3, C] is what `batchGradient` reads of them. */
export interface Sums {
  readonly count: Ref
  readonly dgamma: Ref
  readonly dbeta: Ref
  readonly factors: Ref
}

/** x, dy [.., C] -> dgamma, dbeta and factors; scratch 0. */
export const sumsInto = (
  x: Aval,
  norm: Norm,
  { gamma, beta, mean, variance }: PerColumn,
  [from, dy]: readonly [Ref, Ref],
  { count, dgamma, dbeta, factors }: Sums,
  target: Target,
): ReadonlyArray<Dispatch> => {
  const chunking = chunked('sum', x, target)
  const part = scratch(0, partBytes(2, chunking.chunks, x))
  const sums = {
    label: 'batchNormSums',
    shader: sumsSource,
    bindings: [from, dy, gamma, beta, mean, variance, part],
    params: [real(norm.eps), real(capOf(norm))],
  }
  const join = {
    label: 'batchNormSums join',
    shader: joinSums + columnSums,
    bindings: [part, gamma, variance, count, dgamma, dbeta, factors],
    params: [real(norm.eps)],
  }
  return [overChunks(chunking, sums, target), overColumns(chunking, join, target)]
}

/** A scratch for `factors`. */
export const factorsOf = (x: Aval): Ref => scratch(1, partBytes(3, 1, x))

/** What the whole gradient of a batch's norm reads beside x and dy. */
export interface Shared {
  readonly beta: Ref
  readonly mean: Ref
  readonly factors: Ref
  readonly weights: Ref
  readonly images: number
}

/** dx through the map and through the batch's moments. */
export const batchGradient = (
  x: Aval,
  norm: Norm,
  { beta, mean, factors, weights, images }: Shared,
  [from, dy, dx]: readonly [Ref, Ref, Ref],
  target: Target,
): Dispatch =>
  overChunks(
    chunked('map', x, target),
    {
      label: 'batchNormGrad',
      shader: gradSource,
      bindings: [from, dy, beta, mean, factors, weights, dx],
      params: [word(spanOf(x, images)), real(capOf(norm))],
    },
    target,
  )

/** Images of a batch: the length of its weights. */
export const imagesOf = (weights: Aval): number => sizeOf(weights)
