// Opens an engine by name: webgpu, cpu, or the first that works.
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Fault } from '../core/fault.ts'
import type { Moves } from '../core/op.ts'
import { acquire } from './acquire.ts'
import { cpuEngine } from './cpu.ts'
import type { Engine, EngineOptions } from './engine.ts'
import { webgpuEngine } from './webgpu.ts'

/** `auto` takes WebGPU where an adapter is found and the cpu engine elsewhere. */
export type DeviceName = 'auto' | 'webgpu' | 'cpu'

/** Opens the engine; only `webgpu` can fail, where no adapter is found. The caller closes it. */
export const openEngine = (
  name: DeviceName,
  moves: Moves,
  options: EngineOptions,
): TE.TaskEither<Fault, Engine> => {
  const webgpu = pipe(
    acquire(options),
    TE.map(acquired => webgpuEngine(acquired, moves, options)),
  )
  if (name === 'cpu') return TE.fromIO(cpuEngine)
  return name === 'webgpu'
    ? webgpu
    : pipe(
        webgpu,
        TE.orElse(() => TE.fromIO(cpuEngine)),
      )
}
