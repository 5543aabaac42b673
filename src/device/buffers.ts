// Device memory: every buffer and texture that an engine holds, counted, and freed by hand.
import { boundBytes } from '../plan/place.ts'

/** Creates and frees buffers and textures of one device and knows the bytes that are held. */
export interface Memory {
  readonly storage: (label: string, bytes: number) => GPUBuffer
  readonly uniform: (bytes: number) => GPUBuffer
  readonly readback: (bytes: number) => GPUBuffer
  readonly texture: (width: number, height: number) => GPUTexture
  readonly free: (held: GPUBuffer | GPUTexture) => void
  readonly heldBytes: () => number
  readonly freeAll: () => void
}

/** The memory of a device. Sizes are rounded up to whole vec4s, as the planner binds them. */
export const memoryOf = (device: GPUDevice): Memory => {
  const held = new Map<GPUBuffer | GPUTexture, number>()
  const buffer = (label: string, bytes: number, usage: number): GPUBuffer => {
    const size = boundBytes(bytes)
    const made = device.createBuffer({ label, size, usage })
    held.set(made, size)
    return made
  }
  const free = (one: GPUBuffer | GPUTexture): void => {
    if (held.delete(one)) one.destroy()
  }
  return {
    storage: (label, bytes) =>
      buffer(
        label,
        bytes,
        GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
      ),
    uniform: bytes => buffer('uniforms', bytes, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST),
    readback: bytes => buffer('readback', bytes, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST),
    texture: (width, height) => {
      const made = device.createTexture({
        size: [width, height],
        format: 'rgba32float',
        usage: GPUTextureUsage.STORAGE_BINDING | GPUTextureUsage.COPY_DST,
      })
      held.set(made, 16 * width * height)
      return made
    },
    free,
    heldBytes: () => [...held.values()].reduce((a, b) => a + b, 0),
    freeAll: () => {
      for (const one of [...held.keys()]) free(one)
    },
  }
}
