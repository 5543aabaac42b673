// dropout: shaders as the reference bit by bit, the share that falls, other masks for other steps and keys.
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { dropout } from '../../kernels/dropout.ts'
import { f32, u32 } from '../../src/core/aval.ts'
import { checkOp } from '../support/check-op.ts'

for (const attrs of [
  { rate: 0.2, key: 0 },
  { rate: 0.5, key: 4_000_000_000 },
  { rate: 0, key: 1 },
  { rate: 0.3, key: 9, first: 4_000_000_001 },
]) {
  checkOp(dropout, {
    attrs,
    shapes: [1, 3, 1023, 1025].map(n => [f32(n), u32(2)]),
    operands: [undefined, { below: 2 ** 32 }],
  })
}

const size = 100_000
const kept = (seed: number, step: number, key: number, rate = 0.25): ReadonlyArray<boolean> => {
  const site = { attrs: { rate, key }, ins: [f32(size), u32(2)], outs: [f32(size)] }
  const [y] = dropout.oracle([new Float32Array(size).fill(1), Uint32Array.of(seed, step)], site)
  return Array.from(y ?? [], v => v !== 0)
}
const share = (bits: ReadonlyArray<boolean>): number => bits.filter(b => b).length / bits.length

const test = suite('dropout')

test('keeps the share that it says, and scales it up to the same mean', () => {
  assert.ok(Math.abs(share(kept(1, 2, 3)) - 0.75) < 0.005)
  const site = { attrs: { rate: 0.75, key: 0 }, ins: [f32(9), u32(2)], outs: [f32(9)] }
  const [y] = dropout.oracle([new Float32Array(9).fill(1), Uint32Array.of(1, 1)], site)
  assert.ok([...(y ?? [])].every(v => v === 0 || v === 4))
})

test('draws anew for another seed, step or key, and again for the same', () => {
  const first = kept(1, 2, 3)
  assert.equal(kept(1, 2, 3), first)
  for (const other of [kept(2, 2, 3), kept(1, 3, 3), kept(1, 2, 4), kept(2, 1, 3)]) {
    const agree = share(first.map((b, i) => b === other[i]))
    assert.ok(Math.abs(agree - (0.75 ** 2 + 0.25 ** 2)) < 0.01, `${agree}`)
  }
})

test('drops of a part what it drops of the whole', () => {
  const whole = kept(3, 1, 4)
  const site = { attrs: { rate: 0.25, key: 4, first: 1001 }, ins: [f32(50), u32(2)], outs: [] }
  const [y] = dropout.oracle([new Float32Array(50).fill(1), Uint32Array.of(3, 1)], site)
  assert.equal(
    Array.from(y ?? [], v => v !== 0),
    whole.slice(1001, 1051),
  )
})

test('draws neighbours independently', () => {
  const bits = kept(7, 7, 7, 0.5)
  for (const lag of [1, 2, 4, 64]) {
    const agree = share(bits.slice(lag).map((b, i) => b === bits[i]))
    assert.ok(Math.abs(agree - 0.5) < 0.01, `${lag}: ${agree}`)
  }
})

test('refuses to drop everything', () => {
  assert.ok(E.isLeft(dropout.infer([f32(3), u32(2)], { rate: 1, key: 0 })))
})

test.run()
