// Uniform blocks: the shapes and constants of all dispatches in one small buffer.
import { isDispatch, type Word } from '../core/dispatch.ts'
import { roundUp } from './place.ts'
import type { DispatchStep, Lowered } from './types.ts'

/** Uniform blocks start at multiples of this, WebGPU's `minUniformBufferOffsetAlignment`. */
const UNIFORM_ALIGNMENT = 256

const blockBytes = (words: ReadonlyArray<Word>): number =>
  roundUp(4 * words.length, UNIFORM_ALIGNMENT)

const keyOf = (words: ReadonlyArray<Word>): string => JSON.stringify(words)

const uniformData = (blocks: Iterable<ReadonlyArray<Word>>, bytes: number): Uint32Array => {
  const data = new Uint32Array(bytes / 4)
  const floats = new Float32Array(data.buffer)
  let offset = 0
  for (const words of blocks) {
    words.forEach((w, i) => {
      if ('u32' in w) data[offset + i] = w.u32
      else floats[offset + i] = w.f32
    })
    offset += blockBytes(words) / 4
  }
  return data
}

/** The contents of the uniform buffer, and where in it a block of words lies. */
export interface Uniforms {
  readonly data: Uint32Array
  readonly at: (words: ReadonlyArray<Word>) => DispatchStep['uniform']
}

/** Packs the uniform blocks of all dispatches; equal blocks are stored once. */
export const packUniforms = (lowered: ReadonlyArray<Lowered>): Uniforms => {
  const blocks = new Map<string, { readonly words: ReadonlyArray<Word>; readonly offset: number }>()
  let bytes = 0
  for (const { uniform } of lowered.flatMap(l => l.work).filter(isDispatch)) {
    if (uniform.length === 0 || blocks.has(keyOf(uniform))) continue
    blocks.set(keyOf(uniform), { words: uniform, offset: bytes })
    bytes += blockBytes(uniform)
  }
  const words = [...blocks.values()].map(b => b.words)
  return {
    data: uniformData(words, bytes),
    at: wanted => {
      const block = blocks.get(keyOf(wanted))
      return block === undefined
        ? null
        : { offset: block.offset, bytes: roundUp(4 * wanted.length, 16) }
    },
  }
}
