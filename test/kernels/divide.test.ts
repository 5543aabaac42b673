// shaders/divide.wgsl: whole quotients by floats, at the ends of its range and around multiples, on the device.
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { u32 } from '../../src/core/aval.ts'
import { groupsFor, input, output, word } from '../../src/core/dispatch.ts'
import { apply, defineOp, noGradient } from '../../src/core/op.ts'
import { trace } from '../../src/core/trace.ts'
import { arg, showShapeErrors } from '../../src/core/value.ts'
import divide from '../../shaders/divide.wgsl' with { type: 'text' }
import { done, nativeEngine, right, useEngines } from '../support/engines.ts'

const test = suite('divide')
const close = useEngines()
test.after(close)

const shader = `
@group(0) @binding(0) var<uniform> count: u32;
@group(0) @binding(1) var<storage, read_write> a: array<u32>;
@group(0) @binding(2) var<storage, read_write> b: array<u32>;
@group(0) @binding(3) var<storage, read_write> q: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) w: vec3u, @builtin(num_workgroups) n: vec3u,
        @builtin(local_invocation_index) t: u32) {
  let i = 64u * (w.y * n.x + w.x) + t;
  if (i < count) { q[i] = divided(a[i], b[i]); }
}
`

const quotient = defineOp<null>({
  name: 'quotient',
  infer: ([a]) => (a === undefined ? E.left('needs two arrays') : E.right([a])),
  lower: ({ ins: [a] }, target) => {
    const count = a?.shape[0] ?? 0
    return [
      {
        label: 'quotient',
        shader: shader + divide,
        constants: {},
        uniform: [word(count)],
        bindings: [input(0), input(1), output()],
        workgroups: groupsFor(Math.ceil(count / 64), target),
      },
    ]
  },
  vjp: noGradient,
  oracle: ([a, b]) => [Uint32Array.from(a ?? [], (x, i) => Math.floor(x / (b?.[i] ?? 1)))],
})

const top = 2 ** 30 - 1

// Around every multiple, near 0 and near the top: where a rounded quotient is one too large or too small.
const casesOf = (b: number): ReadonlyArray<number> => {
  const last = Math.floor(top / b)
  const quotients = [0, 1, 2, 3, 1000, 2 ** 20 + 1, last >> 1, last - 1, last]
  return quotients
    .flatMap(q => [q * b - 1, q * b, q * b + 1, q * b + b - 1])
    .filter(a => a >= 0 && a <= top)
}

const divisors = [
  ...Array.from({ length: 300 }, (_, i) => i + 1),
  ...[511, 513, 1023, 3136, 12544, 50176, 65535, 65537, 2 ** 23 + 1, 2 ** 24 - 1, 2 ** 24 + 1],
  ...[2 ** 29 - 1, 2 ** 29 + 1, top - 1, top],
]

test('quotients of whole numbers below 2^30 are exact', async () => {
  const engine = await nativeEngine()
  if (engine === null) return console.log('skipped: no adapter')
  const pairs = divisors.flatMap(b => casesOf(b).map(a => [a, b] as const))
  const [a, b] = [0, 1].map(i => Uint32Array.from(pairs, pair => pair[i] ?? 0))
  const aval = u32(pairs.length)
  await done(engine.put('a', aval, a))
  await done(engine.put('b', aval, b))
  const value = apply(quotient, null)(arg('a', aval), arg('b', aval))
  const program = right(trace({ outputs: { q: value } }), showShapeErrors)
  const executable = await done(engine.load(program))
  await done(executable.run({}))
  const { q = [] } = await done(executable.outputs)
  const wrong = pairs.flatMap(([x, y], i) =>
    q[i] === Math.floor(x / y) ? [] : [`${x} / ${y} gave ${q[i]}`],
  )
  assert.equal(wrong, [])
  executable.release()
  engine.drop(['a', 'b'])
})

test.run()
