// timeout: 300
// Programs whose arrays pass a limit mean the same in parts, on the interpreter, for any limit and batch.
import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'
import * as O from 'fp-ts/Option'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { classSums } from '../../kernels/class-sums.ts'
import { gatherImages } from '../../kernels/gather-images.ts'
import { gatherRows } from '../../kernels/gather-rows.ts'
import { linear } from '../../kernels/matmul.ts'
import { meter } from '../../kernels/meter.ts'
import { moves } from '../../kernels/moves.ts'
import { relu } from '../../kernels/relu.ts'
import { dot } from '../../kernels/scale-by.ts'
import { sgd } from '../../kernels/sgd.ts'
import { type Data, f32, u32 } from '../../src/core/aval.ts'
import type { Target } from '../../src/core/dispatch.ts'
import { showFault } from '../../src/core/fault.ts'
import { interpret } from '../../src/core/interpret.ts'
import { apply, applyAll, at, defineOp } from '../../src/core/op.ts'
import { type Program, type Roots, trace } from '../../src/core/trace.ts'
import { arg, showShapeErrors, type Value } from '../../src/core/value.ts'
import type { Named } from '../../src/device/engine.ts'
import { crossEntropy, meanSquaredError } from '../../src/losses/losses.ts'
import { grad } from '../../src/nn/gradient.ts'
import { argumentParts, isLarge } from '../../src/plan/parts.ts'
import { split } from '../../src/plan/split.ts'
import { alike, blockModels, limited } from '../support/blocks.ts'
import { right } from '../support/engines.ts'
import { contentsFor, stepOf } from '../support/steps.ts'

/** Contents of all parts of a program's arguments. */
const inParts = (
  { args, avals }: Pick<Program, 'args' | 'avals'>,
  contents: Named,
  target: Target,
): Named => {
  const entries = args.flatMap(({ name, id }) => {
    const aval = avals[id]
    const data: Data = contents[name] ?? new Float32Array(0)
    if (aval === undefined) return []
    const row = data.length / (aval.shape[0] ?? 1)
    return argumentParts(name, aval, target).map(p => [
      p.name,
      data.slice(p.from * row, p.to * row),
    ])
  })
  return Object.fromEntries(entries)
}

/** The program in parts on the interpreter against the whole one. */
const compareWith = (program: Program, contents: Named, limit: number): void => {
  const target = limited(limit)
  const parted = right(split(moves, target)(program), showFault)
  assert.is.not(parted, program)
  assert.equal(
    parted.avals.filter(aval => isLarge(aval, limit)),
    [],
  )
  const whole = interpret(program, contents)
  const parts = interpret(parted, inParts(program, contents, target))
  assert.is(alike(parts.outputs, whole.outputs, 1e-5), null)
  const updated = { ...program, args: program.args.filter(({ name }) => name in whole.updates) }
  assert.is(alike(parts.updates, inParts(updated, whole.updates, target), 1e-5), null)
}

const compare = (program: Program, limit: number): void => {
  compareWith(program, contentsFor(program), limit)
}

const traced = (roots: Roots): Program => right(trace(roots), showShapeErrors)

const test = suite('split')

for (const [name, [model, least, most]] of Object.entries(blockModels)) {
  test(`${name}: a training step in parts is the whole step`, () => {
    const example = (batch: number, limit: number): void => {
      const { program, contents } = stepOf(model, batch)
      compareWith(program, contents, limit)
    }
    example(most - 1, least)
    const examples = fc.property(
      fc.integer({ min: Math.ceil(most / 2), max: most }),
      fc.nat(least),
      (batch, more) => {
        example(batch, least + more)
      },
    )
    fc.assert(examples, { numRuns: 4 })
  })
}

test('a program that fits is left as it is', () => {
  const y = apply(relu, null)(arg('x', f32(16, 16)))
  const program = traced({ outputs: { y } })
  assert.is(right(split(moves, limited(1024))(program), showFault), program)
  assert.is.not(right(split(moves, limited(1023))(program), showFault), program)
})

test('sums over classes and of a meter are carried from part to part', () => {
  const [x, labels, weight] = [
    arg('x', f32(40, 8)),
    arg('labels', u32(40)),
    arg('weights', f32(40)),
  ]
  const [sums, counts] = [arg('sums', f32(3, 8)), arg('counts', f32(3))]
  const [meterOf, loss] = [arg('meter', f32(3)), arg('loss', f32(1))]
  const [nextSums, nextCounts] = applyAll(classSums, null)(sums, counts, x, labels, weight)
  const metered = apply(meter, null)(meterOf, loss, x, labels, weight)
  const updates = { sums: at([nextSums ?? x], 0), counts: at([nextCounts ?? x], 0), meter: metered }
  compare(traced({ outputs: {}, updates }), 400)
})

test('a row is looked up in the part that holds it, and past the end is the last', () => {
  const index = arg('index', u32(64))
  const format = { features: 9, mean: [0.5], std: [0.25] }
  const outputs = {
    rows: apply(gatherRows, null)(arg('t', f32(11, 9)), index),
    values: apply(gatherRows, null)(arg('v', u32(11)), index),
    images: apply(gatherImages, format)(arg('i', u32(11, 3)), index),
  }
  for (const limit of [48, 112, 400, 2000]) compare(traced({ outputs }), limit)
})

test('a loss over more logits than fit is the mean over all of them', () => {
  const [x, labels, weights] = [
    arg('x', f32(30, 7)),
    arg('labels', u32(30)),
    arg('weights', f32(30)),
  ]
  for (const of of [crossEntropy, meanSquaredError()]) {
    const loss = of(x, labels, weights)
    const [dx] = grad(loss, [x]).flatMap(g => (O.isSome(g) ? [g.value] : []))
    compare(traced({ outputs: { loss, dx: dx ?? x } }), 200)
  }
})

test('a layer whose weights pass the limit trains by their rows', () => {
  const [x, w, b] = [arg('x', f32(4, 12)), arg('w', f32(20, 12)), arg('b', f32(20))]
  const [buffer, hyper] = [arg('buffer', f32(20, 12)), arg('hyper', f32(4))]
  const y = apply(linear, {})(x, w, b)
  const seen = apply(dot, null)(y, arg('c', f32(4, 20)))
  const [dx, dw] = grad(seen, [x, w]).flatMap(g => (O.isSome(g) ? [g.value] : []))
  if (dx === undefined || dw === undefined) throw new Error('no gradient')
  const next = applyAll(sgd, null)(w, dw, buffer, hyper)
  compare(traced({ outputs: { y, dx, dw }, updates: { w: at(next, 0), buffer: at(next, 1) } }), 400)
})

test('an op that does not fall apart is named, with the array and the limit', () => {
  const fault = (value: Value, limit: number): string => {
    const parted = split(moves, limited(limit))(traced({ outputs: { value } }))
    return E.isLeft(parted) ? showFault(parted.left) : 'none'
  }
  const lost = defineOp({ ...relu, name: 'mine', split: () => [] })
  assert.match(fault(apply(lost, null)(arg('x', f32(9, 9))), 200), /op mine.*324 bytes.* 200 /)
  const wide = apply(linear, {})(arg('x', f32(9, 9)), arg('w', f32(9, 9)), arg('b', f32(9)))
  assert.match(fault(wide, 200), /op linear.*needs f32\[9, 9\] whole/)
  assert.match(fault(apply(relu, null)(arg('x', f32(2, 90))), 200), /op relu.*a part of 2/)
})

test.run()
