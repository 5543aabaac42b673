// The core of multi-head self-attention, from queries, keys and values side by side, and its gradient.
import * as E from 'fp-ts/Either'
import * as O from 'fp-ts/Option'
import { type Aval, f32, sameAval, sizeOf } from '../src/core/aval.ts'
import { apply, at, defineOp, noGradient, type Op } from '../src/core/op.ts'
import { backwardPasses, forwardPasses } from './attention-lower.ts'
import {
  hostGradient,
  hostLogSums,
  hostMix,
  hostScores,
  hostShareGradient,
  hostShares,
  hostTops,
  type Sizes,
} from './attention-host.ts'
import { cut, cutAll } from './cuts.ts'
import { none } from './gpu-js.ts'
import { isArray, operand, widthOf } from './shapes.ts'
import { softmaxGrad } from './softmax.ts'

/** Heads that share the width; each takes a multiple of four numbers. */
export interface Heads {
  readonly heads: number
}

const sizesOf = ({ shape: [batch = 1, tokens = 1, width = 1] }: Aval, { heads }: Heads): Sizes => ({
  batch,
  tokens,
  heads,
  depth: width / 3 / heads,
})

/** Of `products` products of [T, T] and [T, depth], or that make or sum over such, for every head. */
const attentionFlops = (products: number, { batch, tokens, heads, depth }: Sizes): number =>
  2 * products * batch * heads * tokens * tokens * depth

const isQkv = (qkv: Aval | undefined, attrs: Heads): qkv is Aval =>
  isArray(qkv, 'f32', 3) && Number.isInteger(attrs.heads) && widthOf(qkv) % (12 * attrs.heads) === 0

const wants = 'needs qkv f32[B, T, 3 D] with D = 4 n heads for a whole n'

const rowsOf = ({ batch, tokens, heads }: Sizes): number => batch * heads * tokens

/**
 * qkv [B, T, 3 D] -> [y [B, T, D], lse [B, heads, T]]: softmax(q k^T / sqrt d) v for every head (Vaswani et al. 2017), with
 * q, k and v one after the other and the heads one after the other in each, d = D / heads. lse is the logarithm of each
 * softmax's denominator, which backward starts from; no gradient flows from it. Matrices [T, T] live within the call.
 */
export const attention: Op<Heads> = defineOp({
  name: 'attention',
  split: cut(['rows'], ['rows', 'rows']),
  ports: 2,
  infer: ([qkv, ...more], attrs) => {
    if (!isQkv(qkv, attrs) || more.length > 0) return E.left(wants)
    const { batch, tokens, heads, depth } = sizesOf(qkv, attrs)
    return E.right([f32(batch, tokens, heads * depth), f32(batch, heads, tokens)])
  },
  flops: ({ attrs, ins }) => attentionFlops(2, sizesOf(operand(ins, 0), attrs)),
  lower: ({ attrs, ins }, target) => forwardPasses(sizesOf(operand(ins, 0), attrs), target),
  vjp: ({ attrs, args, results }, [dy = O.none]) =>
    O.isNone(dy)
      ? [O.none]
      : [
          O.some(
            apply(attentionGrad, attrs)(at(args, 0), at(results, 0), at(results, 1), dy.value),
          ),
        ],
  oracle: ([qkv = none], { attrs, ins }) => {
    const sizes = sizesOf(operand(ins, 0), attrs)
    const { tokens, heads, depth } = sizes
    const scores = hostScores(rowsOf(sizes) * tokens, qkv, tokens, heads, depth)
    const lse = hostLogSums(rowsOf(sizes), scores, hostTops(rowsOf(sizes), scores, tokens), tokens)
    const shares = hostShares(scores.length, scores, lse, tokens)
    return [hostMix(rowsOf(sizes) * depth, shares, qkv, tokens, heads, depth), lse]
  },
})

/** (qkv [B, T, 3 D], y [B, T, D], lse [B, heads, T], dy [B, T, D]) -> dqkv [B, T, 3 D] of `attention`. */
export const attentionGrad: Op<Heads> = defineOp({
  name: 'attentionGrad',
  split: cutAll,
  infer: ([qkv, y, lse, dy, ...more], attrs) => {
    if (!isQkv(qkv, attrs)) return E.left(wants)
    const { batch, tokens, heads, depth } = sizesOf(qkv, attrs)
    const [like, rows] = [f32(batch, tokens, heads * depth), f32(batch, heads, tokens)]
    const fits = (a: Aval | undefined, b: Aval): boolean => a !== undefined && sameAval(a, b)
    return fits(y, like) && fits(dy, like) && fits(lse, rows) && more.length === 0
      ? E.right([qkv])
      : E.left(`${wants}, y and dy f32[B, T, D], lse f32[B, heads, T]`)
  },
  flops: ({ attrs, ins }) => attentionFlops(5, sizesOf(operand(ins, 0), attrs)),
  lower: ({ attrs, ins }, target) => backwardPasses(sizesOf(operand(ins, 0), attrs), target),
  vjp: noGradient,
  oracle: ([qkv = none, , lse = none, dy = none], { attrs, ins }) => {
    const sizes = sizesOf(operand(ins, 0), attrs)
    const { tokens, heads, depth } = sizes
    const matrix = rowsOf(sizes) * tokens
    const scores = hostScores(matrix, qkv, tokens, heads, depth)
    const shares = hostShares(matrix, scores, lse, tokens)
    const dshares = hostShareGradient(matrix, dy, qkv, tokens, heads, depth)
    const aval = f32(rowsOf(sizes), tokens)
    const site = { attrs: null, ins: [aval, aval], outs: [aval] }
    const [dscores = none] = softmaxGrad.oracle([shares, dshares], site)
    const size = sizeOf(operand(ins, 0))
    return [hostGradient(size, dscores, shares, qkv, dy, tokens, heads, depth)]
  },
})
