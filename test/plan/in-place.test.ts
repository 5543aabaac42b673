// Plans keep the pure meaning of updates in place: random programs agree with the interpreter, run after run.
import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { add } from '../../kernels/add.ts'
import { assign } from '../../kernels/copy.ts'
import { relu } from '../../kernels/relu.ts'
import { sgd } from '../../kernels/sgd.ts'
import { sub } from '../../kernels/sub.ts'
import type { Data } from '../../src/core/aval.ts'
import { f32 } from '../../src/core/aval.ts'
import { interpret } from '../../src/core/interpret.ts'
import { apply, applyAll, at } from '../../src/core/op.ts'
import { type Program, trace } from '../../src/core/trace.ts'
import { arg, showShapeErrors, type Value } from '../../src/core/value.ts'
import { done, nativeEngine, right } from '../support/engines.ts'

const test = suite('in place')

const NAMES = ['a', 'b', 'c'] as const
const SHAPE = f32(3, 5)
const args = NAMES.map(name => arg(name, SHAPE))
const hyper = arg('hyper', f32(4))

interface Recipe {
  readonly ops: ReadonlyArray<readonly [number, number, number, number]>
  readonly updates: ReadonlyArray<number>
  readonly outputs: ReadonlyArray<number>
}

const recipes: fc.Arbitrary<Recipe> = fc.record({
  ops: fc.array(fc.tuple(fc.nat(4), fc.nat(99), fc.nat(99), fc.nat(99)), {
    minLength: 1,
    maxLength: 8,
  }),
  updates: fc.array(fc.nat(99), { minLength: 3, maxLength: 3 }),
  outputs: fc.array(fc.nat(99), { minLength: 1, maxLength: 3 }),
})

const programOf = ({ ops, updates, outputs }: Recipe): Program => {
  const values: Array<Value> = [...args]
  const pick = (n: number) => at(values, n % values.length)
  for (const [kind, i, j, k] of ops) {
    if (kind === 0) values.push(apply(add, null)(pick(i), pick(j)))
    if (kind === 1) values.push(apply(sub, null)(pick(i), pick(j)))
    if (kind === 2) values.push(apply(relu, null)(pick(i)))
    if (kind === 3) values.push(apply(assign, null)(pick(i), pick(j)))
    if (kind === 4) values.push(...applyAll(sgd, null)(pick(i), pick(j), pick(k), hyper))
  }
  const traced = trace({
    outputs: Object.fromEntries(outputs.map((n, i) => [`o${i}`, pick(n)])),
    updates: Object.fromEntries(NAMES.map((name, i) => [name, pick(updates[i] ?? 0)])),
  })
  return right(traced, showShapeErrors)
}

const close = (actual: Data | undefined, expected: Data | undefined): boolean =>
  actual !== undefined &&
  expected !== undefined &&
  actual.length === expected.length &&
  [...expected].every((e, i) => Math.abs(e - (actual[i] ?? Number.NaN)) <= 1e-4 * (1 + Math.abs(e)))

const start = (k: number): Float32Array =>
  Float32Array.from({ length: 15 }, (_, i) => Math.sin(1.3 * i * (k + 1) + k))

const agrees = async (recipe: Recipe): Promise<boolean> => {
  const engine = await nativeEngine()
  if (engine === null) return true
  const program = programOf(recipe)
  let held: Record<string, Data> = { hyper: Float32Array.of(0.1, 0.9, 0.01, 0) }
  NAMES.forEach((name, k) => {
    held[name] = start(k)
  })
  for (const name of [...NAMES, 'hyper']) {
    await done(engine.put(name, name === 'hyper' ? f32(4) : SHAPE, held[name]))
  }
  const executable = await done(engine.load(program))
  let same = true
  for (let run = 0; run < 2; run++) {
    const expected = interpret(program, held)
    held = { ...held, ...expected.updates }
    await done(executable.run({}))
    const outputs = await done(executable.outputs)
    for (const [name, data] of Object.entries(expected.outputs)) {
      same &&= close(outputs[name], data)
    }
    for (const name of NAMES) same &&= close(await done(engine.get(name)), held[name])
  }
  executable.release()
  return same
}

// An update's final value that another op would overwrite; an op that overwrites two arguments and updates one.
const kept: Recipe = {
  ops: [
    [4, 0, 0, 0],
    [4, 0, 0, 0],
    [4, 0, 0, 75],
  ],
  updates: [32, 0, 70],
  outputs: [0],
}
const twoChains: Recipe = { ops: [[4, 16, 10, 0]], updates: [0, 3, 0], outputs: [0] }

test('a planned program means what the interpreter says, for any use of overwriting ops', async () => {
  await fc.assert(fc.asyncProperty(recipes, agrees), {
    numRuns: 150,
    examples: [[kept], [twoChains]],
  })
})

test('swapped arguments swap', async () => {
  assert.ok(await agrees({ ops: [[2, 0, 0, 0]], updates: [1, 0, 2], outputs: [0] }))
})

test.run()
