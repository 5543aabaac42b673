// Reading outputs back: through one mapped buffer, in as many rounds as it takes.
import { bytesOf, type Data, sizeOf } from '../core/aval.ts'
import type { Place, PlanOutput } from '../plan/types.ts'
import type { Named } from './engine.ts'
import { settle } from './wait.ts'

/** Where on the device a place lies. */
export type Source = (place: Place) => { readonly buffer: GPUBuffer; readonly offset: number }

/** A piece of an output, and where it goes: in the readback buffer, and in the host's array of that name. */
interface Piece {
  readonly output: PlanOutput
  readonly from: number
  readonly bytes: number
  readonly at: number
  readonly to: number
}

/** The outputs' bytes in rounds that fit a buffer of `most` bytes. */
const roundsOf = (
  outputs: ReadonlyArray<PlanOutput>,
  most: number,
): ReadonlyArray<ReadonlyArray<Piece>> => {
  const rounds: Array<Array<Piece>> = [[]]
  const ends = new Map<string, number>()
  let at = 0
  for (const output of outputs) {
    const start = ends.get(output.name) ?? 0
    const all = bytesOf(output.aval)
    ends.set(output.name, start + all)
    for (let from = 0; from < all; ) {
      if (at === most) {
        rounds.push([])
        at = 0
      }
      const bytes = Math.min(all - from, most - at)
      rounds.at(-1)?.push({ output, from, bytes, at, to: start + from })
      at += bytes
      from += bytes
    }
  }
  return rounds
}

const emptyOf = (outputs: ReadonlyArray<PlanOutput>): Readonly<Record<string, Data>> => {
  const sizes = new Map<string, number>()
  for (const { name, aval } of outputs) sizes.set(name, (sizes.get(name) ?? 0) + sizeOf(aval))
  return Object.fromEntries(
    outputs.map(({ name, aval }) => {
      const size = sizes.get(name) ?? 0
      return [name, aval.dtype === 'f32' ? new Float32Array(size) : new Uint32Array(size)]
    }),
  )
}

/** The outputs' contents by name; entries of one name are the parts of one array, in order. */
export const readOutputs = async (
  device: GPUDevice,
  outputs: ReadonlyArray<PlanOutput>,
  source: Source,
  readback: GPUBuffer | null,
): Promise<Named> => {
  if (readback === null) return {}
  const whole = emptyOf(outputs)
  for (const round of roundsOf(outputs, readback.size)) {
    const encoder = device.createCommandEncoder()
    for (const { output, from, bytes, at } of round) {
      const { buffer, offset } = source(output.place)
      encoder.copyBufferToBuffer(buffer, offset + from, readback, at, bytes)
    }
    device.queue.submit([encoder.finish()])
    await settle(readback.mapAsync(GPUMapMode.READ))
    const mapped = readback.getMappedRange()
    for (const { output, bytes, at, to } of round) {
      const target = whole[output.name]?.buffer
      if (target !== undefined) new Uint8Array(target).set(new Uint8Array(mapped, at, bytes), to)
    }
    readback.unmap()
  }
  return whole
}
