// Dispatches of attention for GPUs: a workgroup to 32 tokens of a head, whose scores stay in workgroup memory.
import {
  type Dispatch,
  groupsFor,
  input,
  output,
  type Ref,
  real,
  type Target,
  word,
} from '../src/core/dispatch.ts'
import blocks from '../shaders/attention-blocks.wgsl' with { type: 'text' }
import forwardSource from '../shaders/attention-tiled.wgsl' with { type: 'text' }
import gradSource from '../shaders/attention-grad-tiled.wgsl' with { type: 'text' }
import type { Sizes } from './attention-host.ts'

/** Tokens to a workgroup. */
const blockTokens = 32

/** Most vec4s of a head: two to each of the eight lanes of a row. */
const mostQuads = 16

/** Of workgroup memory: three blocks of tokens, a vec4 of padding each, and a block of scores, ten vec4s a row. */
const workgroupBytes = 16 * blockTokens * (3 * (mostQuads + 1) + 10)

/** Do the heads fit the lanes and the workgroup memory of a GPU? */
export const fitsBlocks = ({ depth }: Sizes, { family, limits }: Target): boolean =>
  family === 'tiled' && depth / 4 <= mostQuads && workgroupBytes <= limits.workgroupBytes

const dispatch = (
  { batch, tokens, heads, depth }: Sizes,
  target: Target,
  work: Pick<Dispatch, 'label' | 'shader' | 'constants' | 'bindings'>,
): Dispatch => ({
  ...work,
  shader: work.shader + blocks,
  uniform: [word(batch), word(tokens), word(heads), word(depth / 4), real(1 / Math.sqrt(depth))],
  workgroups: groupsFor(batch * heads * Math.ceil(tokens / blockTokens), target),
})

/** Operand qkv to results y and lse. */
export const forwardBlocks = (sizes: Sizes, target: Target): Dispatch =>
  dispatch(sizes, target, {
    label: 'attention',
    shader: forwardSource,
    constants: {},
    bindings: [input(0), output(0), output(1)],
  })

/** Operands qkv, lse and dy, and delta, the sum of y dy of every token's head, to result dqkv. */
export const backwardBlocks = (sizes: Sizes, delta: Ref, target: Target): ReadonlyArray<Dispatch> =>
  [0, 1].map(keys =>
    dispatch(sizes, target, {
      label: keys === 1 ? 'attention keys and values grad' : 'attention queries grad',
      shader: gradSource,
      constants: { KEYS: keys },
      bindings: [input(0), input(3), input(2), delta, output()],
    }),
  )
