// Operands in textures, which software Vulkan reads without a test of every lane and number: texel i lies at
// (i % 1024, i / 1024).
import { type Copy, type Ref, type Target, texture } from '../src/core/dispatch.ts'

/** Texels of a texture row that hold data, as the shaders know; four more keep rows off each other's cache lines. */
const rowTexels = 1024

const heightOf = (texels: number): number => Math.ceil(texels / rowTexels)

/** Texels of a piece that is read so few times that it should still be in cache then. */
export const cachedTexels = 2 ** 18

/** Scratch texture `id` for that many texels. */
export const textureOf = (id: number, texels: number): Ref =>
  texture(id, rowTexels + 4, heightOf(texels))

/** Do that many texels fit a texture of the adapter? */
export const fitsTexture = (texels: number, target: Target): boolean =>
  heightOf(texels) <= target.limits.maxTextureSize

/** Copies `texels` texels of a storage, from texel `first` on, into a texture of `textureOf`. */
export const copyInto = (
  label: string,
  from: Ref,
  to: Ref,
  texels: number,
  first?: number,
): Copy => ({
  label,
  from,
  to,
  ...(first === undefined ? {} : { first }),
  texels,
  width: rowTexels,
})
