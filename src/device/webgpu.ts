// The WebGPU engine: plans programs, compiles them, and runs them over a store of named buffers.
import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'
import { pipe } from 'fp-ts/function'
import { type Aval, bytesOf, type Data, f32, sameAval, sizeOf, zerosOf } from '../core/aval.ts'
import { type Fault, failure, fault } from '../core/fault.ts'
import type { Program } from '../core/trace.ts'
import type { Moves } from '../core/op.ts'
import { makePlan } from '../plan/plan.ts'
import type { Plan } from '../plan/types.ts'
import { boundBytes } from '../plan/place.ts'
import type { Acquired } from './acquire.ts'
import { type Memory, memoryOf } from './buffers.ts'
import { checkContents, missing } from './cpu.ts'
import type { Engine, Executable, Named } from './engine.ts'
import { executableOf, type Host } from './executable.ts'
import { compiler, firstLines, scoped } from './pipelines.ts'
import { settle } from './wait.ts'

interface Stored {
  readonly aval: Aval
  readonly buffer: GPUBuffer
}

type Store = Map<string, Stored>

const tooLarge = (name: string, bytes: number, limit: number): Fault =>
  fault(
    `${bytes} bytes are more than the ${limit} that the adapter can bind`,
    `array ${name}`,
    'use fewer samples, a smaller model, or --device cpu',
  )

const writeBuffer = (device: GPUDevice, { buffer }: Stored, data: Data): void => {
  // Typed arrays of this program are never over shared memory, which the WebGPU types exclude.
  device.queue.writeBuffer(buffer, 0, data as Data & ArrayBufferView<ArrayBuffer>)
}

const firstError = (device: GPUDevice): (() => Fault | undefined) => {
  let first: Fault | undefined
  const note = (message: string): void => {
    first ??= failure(
      message.split('\n')[0] ?? message,
      'webgpu',
      'report this with --debug output, or use --device cpu',
    )
  }
  device.addEventListener('uncapturederror', event => {
    note(event.error.message)
  })
  device.lost.then(({ reason, message }) => {
    if (reason !== 'destroyed') note(`the device was lost: ${message}`)
  })
  return () => first
}

const readBuffer = async (device: GPUDevice, memory: Memory, stored: Stored): Promise<Data> => {
  const bytes = bytesOf(stored.aval)
  const staging = memory.readback(bytes)
  const encoder = device.createCommandEncoder()
  encoder.copyBufferToBuffer(stored.buffer, 0, staging, 0, boundBytes(bytes))
  device.queue.submit([encoder.finish()])
  await settle(staging.mapAsync(GPUMapMode.READ))
  const copy = staging.getMappedRange().slice(0)
  staging.unmap()
  memory.free(staging)
  const n = sizeOf(stored.aval)
  return stored.aval.dtype === 'f32' ? new Float32Array(copy, 0, n) : new Uint32Array(copy, 0, n)
}

const writer =
  (device: GPUDevice, store: Store) =>
  (inputs: Named): E.Either<Fault, void> => {
    for (const [name, data] of Object.entries(inputs)) {
      const held = store.get(name)
      if (held === undefined) return E.left(missing(name, f32(), undefined))
      const checked = checkContents(name, held.aval, data)
      if (E.isLeft(checked)) return checked
      writeBuffer(device, held, data)
    }
    return E.right(undefined)
  }

const absentArgument = (program: Program, store: Store): Fault | undefined => {
  for (const { name, id } of program.args) {
    const [held, wanted] = [store.get(name)?.aval, program.avals[id]]
    if (wanted !== undefined && (held === undefined || !sameAval(held, wanted))) {
      return missing(name, wanted, held)
    }
  }
  return undefined
}

const putter =
  (acquired: Acquired, memory: Memory, store: Store) =>
  (name: string, aval: Aval, data?: Data): E.Either<Fault, void> => {
    const { maxBindingBytes, maxBufferBytes } = acquired.target.limits
    const limit = Math.min(maxBindingBytes, maxBufferBytes)
    const held = store.get(name)
    if (held !== undefined && !sameAval(held.aval, aval)) {
      return E.left(missing(name, aval, held.aval))
    }
    if (bytesOf(aval) > limit) return E.left(tooLarge(name, bytesOf(aval), limit))
    if (held === undefined) store.set(name, { aval, buffer: memory.storage(name, bytesOf(aval)) })
    return held === undefined && data === undefined
      ? E.right(undefined)
      : writer(acquired.device, store)({ [name]: data ?? zerosOf(aval) })
  }

const getter =
  (host: Host, store: Store) =>
  (name: string): TE.TaskEither<Fault, Data> => {
    const held = store.get(name)
    return held === undefined
      ? TE.left(missing(name, f32(), undefined))
      : TE.tryCatch(
          () => readBuffer(host.device, host.memory, held),
          e => host.broken() ?? failure(String(e), `array ${name}`, 'run again'),
        )
  }

const misfit = (error: unknown): Fault =>
  fault(
    `the bindings do not fit the shader: ${firstLines(String(error))}`,
    'webgpu',
    'bind what the WGSL declares, in its order; storage buffers are declared read_write',
  )

/** The executable of a plan; bindings that its shaders do not declare so are a fault. */
const bound = (
  host: Host,
  plan: Plan,
  pipelines: ReadonlyArray<GPUComputePipeline>,
): TE.TaskEither<Fault, Executable> =>
  pipe(
    TE.tryCatch(async () => {
      const [made, error] = scoped(host.device, () => executableOf(host, plan, pipelines))
      const invalid = await settle(error)
      return invalid === null ? E.right(made) : E.left(misfit(invalid.message))
    }, misfit),
    TE.chainEitherK(result => result),
  )

const loader =
  (host: Host, store: Store, planned: (program: Program) => E.Either<Fault, Plan>) =>
  (program: Program): TE.TaskEither<Fault, Executable> => {
    const absent = absentArgument(program, store)
    return absent !== undefined
      ? TE.left(absent)
      : pipe(
          TE.fromEither(planned(program)),
          TE.chain(plan =>
            pipe(
              host.compile(plan.steps.filter(s => s._tag === 'Dispatch')),
              TE.chain(pipelines => bound(host, plan, pipelines)),
            ),
          ),
        )
  }

/** The engine over an acquired device. `moves` are the primitives with which the planner copies arrays. */
export const webgpuEngine = (acquired: Acquired, moves: Moves): Engine => {
  const { device, info, target } = acquired
  const memory = memoryOf(device)
  const store: Store = new Map()
  const write = writer(device, store)
  const host: Host = {
    device,
    memory,
    stored: name => store.get(name)?.buffer,
    compile: compiler(device),
    write,
    broken: firstError(device),
  }
  const put = putter(acquired, memory, store)
  return {
    info,
    target,
    put: (name, aval, data) => TE.fromIOEither(() => put(name, aval, data)),
    get: getter(host, store),
    drop: names => {
      for (const name of names) {
        const held = store.get(name)
        if (held !== undefined) memory.free(held.buffer)
        store.delete(name)
      }
    },
    load: loader(host, store, makePlan(moves, target)),
    heldBytes: memory.heldBytes,
    close: () => {
      store.clear()
      memory.freeAll()
      acquired.release()
    },
  }
}
