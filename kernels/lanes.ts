// Lanes of a workgroup that loop, and how many elements of a row each of them takes.
import type { Target } from '../src/core/dispatch.ts'

/** Lanes of a workgroup of a shader whose lanes loop: software Vulkan's SIMD width, or as many as real GPUs like. */
export const lanesFor = ({ family }: Target): 64 | 8 => (family === 'tiled' ? 64 : 8)

/**
 * Elements, `lanesFor` apart, that a lane takes of rows of `width` numbers which it goes through: two where that reads
 * whole lines of memory in order, 256 bytes by 8 lanes.
 */
export const eachFor = (width: number, target: Target): 1 | 2 =>
  target.family !== 'tiled' && width % 64 === 0 ? 2 : 1
