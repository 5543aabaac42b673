// The store of an engine: named arrays in buffers, several of them where one would be more than the device can bind.
import * as E from 'fp-ts/Either'
import { type Aval, bytesOf, type Data, f32, sameAval, sizeOf, zerosOf } from '../core/aval.ts'
import type { Target } from '../core/dispatch.ts'
import { type Fault, fault } from '../core/fault.ts'
import type { Program } from '../core/trace.ts'
import { argumentParts, isLarge, limitOf } from '../plan/parts.ts'
import type { Memory } from './buffers.ts'
import { checkContents, missing } from './cpu.ts'
import type { Named } from './engine.ts'

/** A buffer and the elements of the array that it holds. */
export interface Held {
  readonly name: string
  readonly buffer: GPUBuffer
  readonly first: number
  readonly size: number
}

/** An array and its buffers, in order. */
export interface Stored {
  readonly aval: Aval
  readonly parts: ReadonlyArray<Held>
}

/** Named arrays on a device. Callers see one array under a name, however many buffers hold it. */
export interface Store {
  readonly put: (name: string, aval: Aval, data?: Data) => E.Either<Fault, void>
  readonly write: (inputs: Named) => E.Either<Fault, void>
  readonly find: (name: string) => E.Either<Fault, Stored>
  /** The buffer of an argument of a plan, of that name or of a part's (`argumentParts`). */
  readonly buffer: (name: string) => GPUBuffer | undefined
  readonly drop: (names: ReadonlyArray<string>) => void
  readonly clear: () => void
  /** The fault of an argument that is not there in the wanted shape, if there is one. */
  readonly absent: (program: Program) => Fault | undefined
}

const tooLarge = (name: string, bytes: number, limit: number): Fault =>
  fault(
    `a row of ${bytes} bytes is more than the ${limit} that the adapter can bind`,
    `array ${name}`,
    'use smaller samples, a smaller model, or --device cpu',
  )

const writePart = (device: GPUDevice, { buffer, first, size }: Held, data: Data): void => {
  // Typed arrays of this program are never over shared memory, which the WebGPU types exclude.
  const part = data.subarray(first, first + size) as Data & ArrayBufferView<ArrayBuffer>
  device.queue.writeBuffer(buffer, 0, part)
}

/** What a store is made of; private to it. */
interface Shelf {
  readonly device: GPUDevice
  readonly memory: Memory
  readonly target: Target
  readonly arrays: Map<string, Stored>
  readonly buffers: Map<string, GPUBuffer>
}

const write =
  ({ device, arrays }: Shelf) =>
  (inputs: Named): E.Either<Fault, void> => {
    for (const [name, data] of Object.entries(inputs)) {
      const held = arrays.get(name)
      if (held === undefined) return E.left(missing(name, f32(), undefined))
      const checked = checkContents(name, held.aval, data)
      if (E.isLeft(checked)) return checked
      for (const part of held.parts) writePart(device, part, data)
    }
    return E.right(undefined)
  }

const make = ({ memory, target, ...shelf }: Shelf, name: string, aval: Aval) => {
  const limit = limitOf(target)
  const parts = argumentParts(name, aval, target)
  const large = parts.find(part => isLarge(part.aval, limit))
  if (large !== undefined) return E.left(tooLarge(name, bytesOf(large.aval), limit))
  let first = 0
  const held = parts.map((part): Held => {
    const size = sizeOf(part.aval)
    const buffer = memory.storage(part.name, 4 * size)
    shelf.buffers.set(part.name, buffer)
    first += size
    return { name: part.name, buffer, first: first - size, size }
  })
  shelf.arrays.set(name, { aval, parts: held })
  return E.right(undefined)
}

const put =
  (shelf: Shelf) =>
  (name: string, aval: Aval, data?: Data): E.Either<Fault, void> => {
    const held = shelf.arrays.get(name)
    if (held !== undefined && !sameAval(held.aval, aval)) {
      return E.left(missing(name, aval, held.aval))
    }
    const made = held === undefined ? make(shelf, name, aval) : E.right(undefined)
    return E.isLeft(made) || (held === undefined && data === undefined)
      ? made
      : write(shelf)({ [name]: data ?? zerosOf(aval) })
  }

const drop = ({ memory, arrays, buffers }: Shelf, name: string): void => {
  for (const part of arrays.get(name)?.parts ?? []) {
    memory.free(part.buffer)
    buffers.delete(part.name)
  }
  arrays.delete(name)
}

const absent =
  ({ arrays }: Shelf) =>
  ({ args, avals }: Program): Fault | undefined => {
    for (const { name, id } of args) {
      const [held, wanted] = [arrays.get(name)?.aval, avals[id]]
      if (wanted !== undefined && (held === undefined || !sameAval(held, wanted))) {
        return missing(name, wanted, held)
      }
    }
    return undefined
  }

/** The store of a device. */
export const storeOf = (device: GPUDevice, memory: Memory, target: Target): Store => {
  const shelf: Shelf = { device, memory, target, arrays: new Map(), buffers: new Map() }
  return {
    put: put(shelf),
    write: write(shelf),
    find: name => {
      const held = shelf.arrays.get(name)
      return held === undefined ? E.left(missing(name, f32(), undefined)) : E.right(held)
    },
    buffer: name => shelf.buffers.get(name),
    drop: names => {
      for (const name of names) drop(shelf, name)
    },
    clear: () => {
      shelf.arrays.clear()
      shelf.buffers.clear()
    },
    absent: absent(shelf),
  }
}
