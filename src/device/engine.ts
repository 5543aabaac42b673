// Engines: what runs programs. Two of them share this interface, WebGPU and the host's interpreter.
import type * as TE from 'fp-ts/TaskEither'
import type { Aval, Data } from '../core/aval.ts'
import type { Family, Precision, Target, DeviceTuning } from '../core/dispatch.ts'
import type { Fault } from '../core/fault.ts'
import type { Program } from '../core/trace.ts'
import type { Plan, PlanBytes } from '../plan/types.ts'
import type { Profile } from './profile.ts'

/**
 * What `doctor` says of an engine. `family` is the matmul kernel family it chose; `tuned` says whether a measurement of
 * the adapter stands in for estimates.
 */
export interface EngineInfo {
  readonly engine: 'webgpu' | 'cpu'
  readonly adapter: string
  readonly driver: string
  readonly vendor: string
  readonly software: boolean
  readonly family: Family | 'reference'
  readonly precision: Precision
  readonly tuned: boolean
  readonly features: ReadonlyArray<string>
  readonly limits: Readonly<Record<string, number>>
}

/** Contents by argument or output name. */
export type Named = Readonly<Record<string, Data>>

/** A program loaded on an engine. Arguments are read from, and updates written to, the engine's store. */
export interface Executable {
  readonly bytes: PlanBytes
  /** The plan that runs; none on the cpu engine, which interprets the program. */
  readonly plan: Plan | null
  /**
   * Writes `inputs` into the store and runs once. Waits only where three runs are already in flight. However short the runs
   * and however many, signals and timers get their turn between them.
   */
  readonly run: (inputs: Named) => TE.TaskEither<Fault, void>
  /** Waits for the last run and reads its outputs. */
  readonly outputs: TE.TaskEither<Fault, Named>
  /** Frees what the executable holds; the store stays. */
  readonly release: () => void
}

/** A device with a store of named arrays that programs share. Everything it holds is freed by `close`. */
export interface Engine {
  readonly info: EngineInfo
  readonly target: Target
  /**
   * Makes or overwrites a named array; contents default to zeros. Another shape under an old name is a fault. An array may
   * be more than the device can bind: it is held in several buffers of whole rows.
   */
  readonly put: (name: string, aval: Aval, data?: Data) => TE.TaskEither<Fault, void>
  /** Waits for all runs and reads a named array. */
  readonly get: (name: string) => TE.TaskEither<Fault, Data>
  /** Frees named arrays; unknown names are ignored. */
  readonly drop: (names: ReadonlyArray<string>) => void
  /** Plans and compiles a program; all its arguments must be in the store. */
  readonly load: (program: Program) => TE.TaskEither<Fault, Executable>
  /** Bytes of all buffers and textures held at present. */
  readonly heldBytes: () => number
  /** Profiles of the programs that ran twice or more, where the engine was opened to make them. */
  readonly profiles: () => ReadonlyArray<Profile>
  readonly close: () => void
}

/** How to open an engine. */
export interface EngineOptions {
  /** Keeps WebGPU's validation and WGSL's bounds checks on: for tests and for shaders that are not ours. */
  readonly checked: boolean
  /** Overrides the kernel family, for tests and measurements. */
  readonly family?: Family
  /** Measurements of adapters; the one of the adapter that is opened is used. Results change by rounding only. */
  readonly tunings?: ReadonlyArray<DeviceTuning>
  /** `f16` rounds what products multiply where the adapter has matrix units for it; see `openPrecise`. */
  readonly precision?: Precision
  /** Times every step of each program's second run; results stay the same, that run takes longer. */
  readonly profile?: boolean
}
