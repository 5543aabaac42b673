// The plan's types: dispatches over places in memory, plain data that can be printed, tested and hashed.
import type { Aval } from '../core/aval.ts'
import type { Work } from '../core/dispatch.ts'
import type { Instruction } from '../core/trace.ts'

/** Where an array lies: a named buffer of the device's store, or a range of one of the plan's arenas. */
export type Place =
  | { readonly _tag: 'Store'; readonly name: string; readonly bytes: number }
  | {
      readonly _tag: 'Arena'
      readonly arena: number
      readonly offset: number
      readonly bytes: number
    }

/** What a step binds. */
export type Binding = Place | { readonly _tag: 'Texture'; readonly texture: number }

/** A call of the program: its op, the operations of its products, and the bytes of its operands and results. */
export interface PlannedCall {
  readonly op: string
  readonly flops: number
  readonly bytes: number
}

/** One dispatch with every operand in its place. `call` is a position in the plan's calls. `uniform` is a range of the plan's uniform buffer. */
export interface DispatchStep {
  readonly _tag: 'Dispatch'
  readonly call: number
  readonly op: string
  readonly label: string
  readonly shader: string
  readonly constants: Readonly<Record<string, number>>
  readonly uniform: { readonly offset: number; readonly bytes: number } | null
  readonly bindings: ReadonlyArray<Binding>
  readonly workgroups: readonly [number, number, number]
}

/** One copy of a storage into a scratch texture; see `Copy` of core. */
export interface CopyStep {
  readonly _tag: 'Copy'
  readonly call: number
  readonly op: string
  readonly label: string
  readonly from: Place
  readonly texture: number
  readonly first: number
  readonly texels: number
  readonly width: number
}

/** What a plan does, in order. */
export type Step = DispatchStep | CopyStep

/** Bytes that the device holds for a plan; `arguments` are shared with other plans over the same store. */
export interface PlanBytes {
  readonly arguments: number
  readonly arenas: number
  readonly textures: number
  readonly uniforms: number
  readonly readback: number
  /** Largest sum of bytes alive at one step within the arenas: their lower bound. */
  readonly live: number
}

/** An output and where to read it; outputs of one name are the parts of one array, in order. */
export interface PlanOutput {
  readonly name: string
  readonly aval: Aval
  readonly place: Place
}

/** All that a device needs to run a program, and nothing that only a device knows. */
export interface Plan {
  readonly calls: ReadonlyArray<PlannedCall>
  readonly steps: ReadonlyArray<Step>
  readonly arguments: ReadonlyArray<{ readonly name: string; readonly aval: Aval }>
  readonly outputs: ReadonlyArray<PlanOutput>
  readonly arenas: ReadonlyArray<number>
  readonly textures: ReadonlyArray<{ readonly width: number; readonly height: number }>
  readonly uniforms: Uint32Array
  readonly bytes: PlanBytes
}

/** An instruction with the work it lowers to on the plan's target. */
export interface Lowered {
  readonly instruction: Instruction
  readonly work: ReadonlyArray<Work>
}
