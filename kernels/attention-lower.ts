// Dispatches of attention: matrices [T, T] of some images at a time, never of the whole batch.
import {
  type Dispatch,
  groupsFor,
  input,
  output,
  type Ref,
  real,
  scratch,
  type Target,
  word,
} from '../src/core/dispatch.ts'
import deltaSource from '../shaders/attention-delta.wgsl' with { type: 'text' }
import paramsSource from '../shaders/attention-params.wgsl' with { type: 'text' }
import mixSource from '../shaders/attention-mix.wgsl' with { type: 'text' }
import scoresSource from '../shaders/attention-scores.wgsl' with { type: 'text' }
import scoresGradSource from '../shaders/attention-scores-grad.wgsl' with { type: 'text' }
import sharesSource from '../shaders/attention-shares.wgsl' with { type: 'text' }
import againSource from '../shaders/attention-shares-again.wgsl' with { type: 'text' }
import tile from '../shaders/attention-tile.wgsl' with { type: 'text' }
import type { Sizes } from './attention-host.ts'
import { backwardBlocks, fitsBlocks, forwardBlocks } from './attention-tiled.ts'

/** Most bytes of matrices at a time, where one image needs no more. */
const mostBytes = 2 ** 25

const tilesOf = ({ tokens }: Sizes): number => Math.ceil(tokens / 4)

const matrixBytes = (sizes: Sizes): number => 16 * sizes.heads * sizes.tokens * tilesOf(sizes)

/** Some images of the batch, from `first`. */
interface Part {
  readonly first: number
  readonly images: number
}

const partsOf = (sizes: Sizes): ReadonlyArray<Part> => {
  const most = Math.max(1, Math.floor(mostBytes / matrixBytes(sizes)))
  return Array.from({ length: Math.ceil(sizes.batch / most) }, (_, i) => ({
    first: i * most,
    images: Math.min(most, sizes.batch - i * most),
  }))
}

interface Pass {
  readonly label: string
  readonly shader: string
  readonly lanes: number
  readonly bindings: ReadonlyArray<Ref>
  readonly mixing?: ReadonlyArray<number>
}

const pass =
  (sizes: Sizes, { first, images }: Part, target: Target) =>
  ({ label, shader, lanes, bindings, mixing = [0, 0, 0, 0, 0] }: Pass): Dispatch => {
    const { tokens, heads, depth } = sizes
    const words = [images, first, tokens, tilesOf(sizes), heads, depth / 4]
    return {
      label: `attention ${label}`,
      shader: shader + paramsSource,
      constants: {},
      uniform: [...words.map(word), real(1 / Math.sqrt(depth)), ...mixing.map(word)],
      bindings,
      workgroups: groupsFor(Math.ceil((images * heads * lanes) / 64), target),
    }
  }

/** Which of the arrays that lie side by side in a token is meant. */
interface Side {
  readonly ref: Ref
  readonly parts: number
  readonly part: number
}

const mix = (sizes: Sizes, matrix: Ref, across: boolean, from: Side, to: Side): Pass => ({
  label: across ? 'mix across' : 'mix',
  shader: mixSource,
  lanes: tilesOf(sizes) * (sizes.depth / 4),
  bindings: [matrix, from.ref, to.ref],
  mixing: [across ? 1 : 0, from.parts, from.part, to.parts, to.part],
})

const scores = (sizes: Sizes, to: Ref): Pass => ({
  label: 'scores',
  shader: scoresSource + tile,
  lanes: tilesOf(sizes) ** 2,
  bindings: [input(0), to],
})

const third = (ref: Ref, part: number): Side => ({ ref, parts: 3, part })
const whole = (ref: Ref): Side => ({ ref, parts: 1, part: 0 })

const forwardParts = (sizes: Sizes, target: Target): ReadonlyArray<Dispatch> =>
  partsOf(sizes).flatMap(part => {
    const shares = scratch(0, part.images * matrixBytes(sizes))
    const bindings = [shares, output(1)]
    const passes: ReadonlyArray<Pass> = [
      scores(sizes, shares),
      { label: 'shares', shader: sharesSource, lanes: sizes.tokens, bindings },
      mix(sizes, shares, false, third(input(0), 2), whole(output(0))),
    ]
    return passes.map(pass(sizes, part, target))
  })

/** Operand qkv to results y and lse. */
export const forwardPasses = (sizes: Sizes, target: Target): ReadonlyArray<Dispatch> =>
  fitsBlocks(sizes, target) ? [forwardBlocks(sizes, target)] : forwardParts(sizes, target)

const backwardParts = (sizes: Sizes, delta: Ref, target: Target): ReadonlyArray<Dispatch> => {
  const [qkv, lse, dy, dqkv] = [input(0), input(2), input(3), output()]
  const { tokens } = sizes
  const passesOf = (part: Part): ReadonlyArray<Dispatch> => {
    const bytes = part.images * matrixBytes(sizes)
    const [shares, dscores] = [scratch(1, bytes), scratch(2, bytes)]
    const again = {
      label: 'shares again',
      shader: againSource,
      bindings: [shares, lse],
    }
    const grad = {
      label: 'scores grad',
      shader: scoresGradSource + tile,
      bindings: [dy, qkv, delta, shares, dscores],
    }
    const passes: ReadonlyArray<Pass> = [
      scores(sizes, shares),
      { ...again, lanes: tokens * tilesOf(sizes) },
      mix(sizes, shares, true, whole(dy), third(dqkv, 2)),
      { ...grad, lanes: tilesOf(sizes) ** 2 },
      mix(sizes, dscores, false, third(qkv, 1), third(dqkv, 0)),
      mix(sizes, dscores, true, third(qkv, 0), third(dqkv, 1)),
    ]
    return passes.map(pass(sizes, part, target))
  }
  return partsOf(sizes).flatMap(passesOf)
}

/** Operands qkv, y, lse and dy to result dqkv. */
export const backwardPasses = (sizes: Sizes, target: Target): ReadonlyArray<Dispatch> => {
  const { tokens, heads, batch } = sizes
  const delta = scratch(0, 4 * batch * heads * tokens)
  const all = { first: 0, images: batch }
  const bindings = [input(1), input(3), delta]
  const dots = { label: 'delta', shader: deltaSource, lanes: tokens, bindings }
  const rest = fitsBlocks(sizes, target) ? backwardBlocks : backwardParts
  return [pass(sizes, all, target)(dots), ...rest(sizes, delta, target)]
}
