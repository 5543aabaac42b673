// Deterministic sums on the device: chunks to workgroups, then one workgroup over the chunks.
import {
  type Dispatch,
  groupsFor,
  type Ref,
  scratch,
  type Target,
  word,
} from '../src/core/dispatch.ts'
import chunkSum from '../shaders/chunk-sum.wgsl' with { type: 'text' }
import source from '../shaders/sum.wgsl' with { type: 'text' }

const smallestChunk = 4096
const mostChunks = 1024

/** What adds the terms of a chunk; a shader's text that has the terms goes before it. */
export const chunkSumShader = (terms: string): string => `${terms}\n${chunkSum}`

/** Elements that one workgroup adds, and how many workgroups that makes. */
export const chunksOf = (size: number): { readonly chunk: number; readonly chunks: number } => {
  const chunk = Math.max(smallestChunk, Math.ceil(size / mostChunks))
  return { chunk, chunks: Math.ceil(size / chunk) }
}

const sumChunks = (from: Ref, to: Ref, size: number, chunk: number, target: Target): Dispatch => ({
  label: 'sum',
  shader: chunkSumShader(source),
  constants: {},
  uniform: [word(size), word(chunk)],
  bindings: [from, to],
  workgroups: groupsFor(Math.ceil(size / chunk), target),
})

/** Adds `size` elements of `from` into the first element of `to`; `id` names the scratch it may need. */
export const sumInto = (
  from: Ref,
  to: Ref,
  size: number,
  id: number,
  target: Target,
): ReadonlyArray<Dispatch> => {
  const { chunk, chunks } = chunksOf(size)
  if (chunks === 1) return [sumChunks(from, to, size, size, target)]
  const partial = scratch(id, 4 * chunks)
  return [
    sumChunks(from, partial, size, chunk, target),
    sumChunks(partial, to, chunks, chunks, target),
  ]
}

/** How many neighbouring lanes of a workgroup share a row of this width: a power of two, at most 64 and the width. */
export const lanesFor = (width: number): number => {
  const wanted = Math.min(64, Math.max(1, width / 16))
  return 2 ** Math.floor(Math.log2(wanted))
}

/** Workgroups of 64 lanes for `rows` rows of `lanes` lanes each. */
export const rowGroups = (
  rows: number,
  lanes: number,
  target: Target,
): readonly [number, number, number] => groupsFor(Math.ceil((rows * lanes) / 64), target)
