// The WebGPU engine: plans programs, compiles them, and runs them over a store of named buffers.
import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'
import { pipe } from 'fp-ts/function'
import { type Data, zerosOf } from '../core/aval.ts'
import { type Fault, failure, fault } from '../core/fault.ts'
import type { Program } from '../core/trace.ts'
import type { Moves } from '../core/op.ts'
import { makePlan } from '../plan/plan.ts'
import type { Plan } from '../plan/types.ts'
import { boundBytes } from '../plan/place.ts'
import type { Acquired } from './acquire.ts'
import { type Memory, memoryOf } from './buffers.ts'
import type { Engine, EngineOptions, Executable } from './engine.ts'
import { executableOf, type Host } from './executable.ts'
import type { Profile } from './profile.ts'
import { compiler, firstLines, scoped } from './pipelines.ts'
import { type Store, type Stored, storeOf } from './store.ts'
import { settle } from './wait.ts'

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

/** Reads buffers one after the other into one array. */
const readBuffers = async (
  device: GPUDevice,
  memory: Memory,
  { aval, parts }: Stored,
): Promise<Data> => {
  const whole = zerosOf(aval)
  const filled = new Uint8Array(whole.buffer)
  for (const { buffer, first, size } of parts) {
    const bytes = 4 * size
    const staging = memory.readback(bytes)
    const encoder = device.createCommandEncoder()
    encoder.copyBufferToBuffer(buffer, 0, staging, 0, boundBytes(bytes))
    device.queue.submit([encoder.finish()])
    await settle(staging.mapAsync(GPUMapMode.READ))
    filled.set(new Uint8Array(staging.getMappedRange(), 0, bytes), 4 * first)
    staging.unmap()
    memory.free(staging)
  }
  return whole
}

const getter =
  (host: Host, store: Store) =>
  (name: string): TE.TaskEither<Fault, Data> =>
    pipe(
      TE.fromEither(store.find(name)),
      TE.chain(held =>
        TE.tryCatch(
          () => readBuffers(host.device, host.memory, held),
          e => host.broken() ?? failure(String(e), `array ${name}`, 'run again'),
        ),
      ),
    )

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
    const absent = store.absent(program)
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
export const webgpuEngine = (
  acquired: Acquired,
  moves: Moves,
  options: Pick<EngineOptions, 'profile'> = {},
): Engine => {
  const { device, info, target } = acquired
  const memory = memoryOf(device)
  const store = storeOf(device, memory, target)
  const profiles: Array<Profile> = []
  const host: Host = {
    device,
    memory,
    stored: store.buffer,
    compile: compiler(device),
    write: store.write,
    broken: firstError(device),
    software: info.software,
    ...(options.profile === true ? { onProfile: profile => profiles.push(profile) } : {}),
  }
  return {
    info,
    target,
    put: (name, aval, data) => TE.fromIOEither(() => store.put(name, aval, data)),
    get: getter(host, store),
    drop: store.drop,
    load: loader(host, store, makePlan(moves, target)),
    heldBytes: memory.heldBytes,
    profiles: () => profiles,
    close: () => {
      store.clear()
      memory.freeAll()
      acquired.release()
    },
  }
}
