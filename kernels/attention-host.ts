// Reference kernels of attention: qkv [B, T, 3, H, d], matrices [B, H, T, T] written out.
import { type Flat, hostKernel } from './gpu-js.ts'

/** Sizes of a call: images, tokens, heads, and numbers of a head. */
export interface Sizes {
  readonly batch: number
  readonly tokens: number
  readonly heads: number
  readonly depth: number
}

/** q_i . k_j / sqrt(d), [B, H, T, T]. */
export const hostScores = hostKernel(function (
  qkv: Flat,
  tokens: number,
  heads: number,
  depth: number,
) {
  const j = this.thread.x % tokens
  const i = Math.floor(this.thread.x / tokens) % tokens
  const h = Math.floor(this.thread.x / tokens / tokens) % heads
  const b = Math.floor(this.thread.x / tokens / tokens / heads)
  const q = (b * tokens + i) * 3 * heads * depth + h * depth
  const k = (b * tokens + j) * 3 * heads * depth + (heads + h) * depth
  let sum = 0
  for (let c = 0; c < depth; c++) {
    sum += (qkv[q + c] ?? 0) * (qkv[k + c] ?? 0)
  }
  return sum / Math.sqrt(depth)
})

/** The largest of every row of scores, [B, H, T]. */
export const hostTops = hostKernel(function (scores: Flat, tokens: number) {
  let top = scores[this.thread.x * tokens] ?? 0
  for (let j = 1; j < tokens; j++) {
    top = Math.max(top, scores[this.thread.x * tokens + j] ?? 0)
  }
  return top
})

/** log sum exp of every row of scores, [B, H, T]. */
export const hostLogSums = hostKernel(function (scores: Flat, top: Flat, tokens: number) {
  const most = top[this.thread.x] ?? 0
  let sum = 0
  for (let j = 0; j < tokens; j++) {
    sum += Math.exp((scores[this.thread.x * tokens + j] ?? 0) - most)
  }
  return most + Math.log(sum)
})

/** exp(scores - lse), [B, H, T, T]. */
export const hostShares = hostKernel(function (scores: Flat, lse: Flat, tokens: number) {
  return Math.exp((scores[this.thread.x] ?? 0) - (lse[Math.floor(this.thread.x / tokens)] ?? 0))
})

/** sum over j of shares_ij v_j, [B, T, H, d]. */
export const hostMix = hostKernel(function (
  shares: Flat,
  qkv: Flat,
  tokens: number,
  heads: number,
  depth: number,
) {
  const c = this.thread.x % depth
  const h = Math.floor(this.thread.x / depth) % heads
  const i = Math.floor(this.thread.x / depth / heads) % tokens
  const b = Math.floor(this.thread.x / depth / heads / tokens)
  let sum = 0
  for (let j = 0; j < tokens; j++) {
    const share = shares[((b * heads + h) * tokens + i) * tokens + j] ?? 0
    sum += share * (qkv[(b * tokens + j) * 3 * heads * depth + (2 * heads + h) * depth + c] ?? 0)
  }
  return sum
})

/** dy_i . v_j, [B, H, T, T]: the cotangent of the shares. */
export const hostShareGradient = hostKernel(function (
  dy: Flat,
  qkv: Flat,
  tokens: number,
  heads: number,
  depth: number,
) {
  const j = this.thread.x % tokens
  const i = Math.floor(this.thread.x / tokens) % tokens
  const h = Math.floor(this.thread.x / tokens / tokens) % heads
  const b = Math.floor(this.thread.x / tokens / tokens / heads)
  const d = (b * tokens + i) * heads * depth + h * depth
  const v = (b * tokens + j) * 3 * heads * depth + (2 * heads + h) * depth
  let sum = 0
  for (let c = 0; c < depth; c++) {
    sum += (dy[d + c] ?? 0) * (qkv[v + c] ?? 0)
  }
  return sum
})

/** dq, dk and dv, [B, T, 3, H, d], from the cotangent of the scores and the shares. */
export const hostGradient = hostKernel(function (
  dscores: Flat,
  shares: Flat,
  qkv: Flat,
  dy: Flat,
  tokens: number,
  heads: number,
  depth: number,
) {
  const c = this.thread.x % depth
  const h = Math.floor(this.thread.x / depth) % heads
  const which = Math.floor(this.thread.x / depth / heads) % 3
  const own = Math.floor(this.thread.x / depth / heads / 3) % tokens
  const b = Math.floor(this.thread.x / depth / heads / 3 / tokens)
  let sum = 0
  for (let o = 0; o < tokens; o++) {
    const at = ((b * heads + h) * tokens + (which === 0 ? own : o)) * tokens
    const cell = at + (which === 0 ? o : own)
    const other = (b * tokens + o) * 3 * heads * depth + h * depth + c
    const s = dscores[cell] ?? 0
    const p = shares[cell] ?? 0
    if (which === 0) {
      sum += s * (qkv[other + heads * depth] ?? 0)
    } else if (which === 1) {
      sum += s * (qkv[other] ?? 0)
    } else {
      sum += p * (dy[(b * tokens + o) * heads * depth + h * depth + c] ?? 0)
    }
  }
  return which === 2 ? sum : sum / Math.sqrt(depth)
})
