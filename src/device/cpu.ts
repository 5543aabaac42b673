// The cpu engine: the reference interpreter behind the engine interface. Runs where no adapter exists.
import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'
import { type Aval, bytesOf, type Data, sameAval, showAval, sizeOf, zerosOf } from '../core/aval.ts'
import { type Fault, fault } from '../core/fault.ts'
import { interpret } from '../core/interpret.ts'
import type { Program } from '../core/trace.ts'
import { arrayIntervals } from '../plan/lifetimes.ts'
import { liveBytes } from '../plan/place.ts'
import type { PlanBytes } from '../plan/types.ts'
import type { Engine, EngineInfo, Executable, Named } from './engine.ts'
import { turn } from './wait.ts'

const info: EngineInfo = {
  engine: 'cpu',
  adapter: 'reference interpreter over gpu.js kernels',
  driver: 'none',
  vendor: 'none',
  software: true,
  family: 'reference',
  precision: 'f32',
  tuned: false,
  features: [],
  limits: {},
}

const unlimited = 2 ** 31

interface Stored {
  readonly aval: Aval
  data: Data
}

/** Checks contents against the shape of a stored array. */
export const checkContents = (name: string, aval: Aval, data: Data): E.Either<Fault, Data> =>
  data.length === sizeOf(aval)
    ? E.right(data)
    : E.left(
        fault(
          `${data.length} elements given for ${showAval(aval)}`,
          `array ${name}`,
          'give as many elements as the shape has',
        ),
      )

/** The fault of a name that the store does not hold in the wanted shape. */
export const missing = (name: string, wanted: Aval, held: Aval | undefined): Fault =>
  fault(
    held === undefined
      ? `${showAval(wanted)} is not in the store`
      : `${showAval(held)} is in the store, not ${showAval(wanted)}`,
    `argument ${name}`,
    'put it first, in the shape that the program names',
  )

const bytesFor = (program: Program): PlanBytes => {
  const args = program.args.map(({ id }) => program.avals[id]).filter(a => a !== undefined)
  const live = liveBytes(arrayIntervals(program, program.instructions, id => id))
  const sum = (avals: ReadonlyArray<Aval>) => avals.reduce((n, a) => n + bytesOf(a), 0)
  return { arguments: sum(args), arenas: live, textures: 0, uniforms: 0, readback: 0, live }
}

const executable = (
  program: Program,
  store: Map<string, Stored>,
  rest: () => Promise<void>,
): Executable => {
  let last: Named = {}
  const contents = (): Named =>
    Object.fromEntries(
      program.args.map(({ name }) => [name, store.get(name)?.data ?? new Float32Array(0)]),
    )
  const write = (inputs: Named): E.Either<Fault, void> => {
    for (const [name, data] of Object.entries(inputs)) {
      const held = store.get(name)
      if (held === undefined) return E.left(missing(name, { dtype: 'f32', shape: [] }, undefined))
      const checked = checkContents(name, held.aval, data)
      if (E.isLeft(checked)) return checked
      held.data = data.slice()
    }
    return E.right(undefined)
  }
  return {
    bytes: bytesFor(program),
    plan: null,
    run: inputs => async () => {
      const written = write(inputs)
      if (E.isLeft(written)) return written
      const { outputs, updates } = interpret(program, contents())
      last = outputs
      for (const [name, data] of Object.entries(updates)) {
        const held = store.get(name)
        if (held !== undefined) held.data = data
      }
      await rest()
      return E.right(undefined)
    },
    outputs: async () => E.right(last),
    release: () => {
      last = {}
    },
  }
}

const TURN_MS = 25

/** Gives a turn where the last was a while ago, by whichever program: runs are only promises, and many are short. */
const resting = (): (() => Promise<void>) => {
  let rested = performance.now()
  return async () => {
    if (performance.now() - rested < TURN_MS) return
    await turn()
    rested = performance.now()
  }
}

/** Opens the cpu engine; its store is plain arrays on the host. */
export const cpuEngine = (): Engine => {
  const store = new Map<string, Stored>()
  const rest = resting()
  return {
    info,
    target: {
      family: 'tiled',
      limits: {
        maxWorkgroups: 65535,
        maxBindingBytes: unlimited,
        maxBufferBytes: unlimited,
        maxTextureSize: 16384,
        workgroupBytes: 16384,
      },
    },
    put: (name, aval, data) => async () => {
      const held = store.get(name)
      if (held !== undefined && !sameAval(held.aval, aval))
        return E.left(missing(name, aval, held.aval))
      const checked = checkContents(name, aval, data ?? zerosOf(aval))
      if (E.isRight(checked)) store.set(name, { aval, data: checked.right.slice() })
      return E.Functor.map(checked, () => undefined)
    },
    get: name => async () => {
      const held = store.get(name)
      return held === undefined
        ? E.left(missing(name, { dtype: 'f32', shape: [] }, undefined))
        : E.right(held.data.slice())
    },
    drop: names => {
      for (const name of names) store.delete(name)
    },
    load: program => {
      const bad = program.args.find(({ name, id }) => {
        const [held, wanted] = [store.get(name)?.aval, program.avals[id]]
        return held === undefined || wanted === undefined || !sameAval(held, wanted)
      })
      const wanted = program.avals[bad?.id ?? -1]
      return bad === undefined || wanted === undefined
        ? TE.right(executable(program, store, rest))
        : TE.left(missing(bad.name, wanted, store.get(bad.name)?.aval))
    },
    heldBytes: () => [...store.values()].reduce((n, { data }) => n + data.byteLength, 0),
    profiles: () => [],
    close: () => {
      store.clear()
    },
  }
}
