// The proof of what was frozen: it sees one bit, and a transfer that moved a frozen array is a failure.
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { showFault } from '../../src/core/fault.ts'
import { changed, proveFrozen } from '../../src/transfer/frozen.ts'

const test = suite('frozen arrays')
const before = () => ({ 'a.weight': Float32Array.of(1, 0, Number.NaN), b: Uint32Array.of(7) })

test('that are the same bit for bit are counted', () => {
  assert.equal(proveFrozen(before(), before()), E.right(2))
  assert.equal(proveFrozen({}, {}), E.right(0))
})

test('differ by the last bit of one number, and by the sign of zero', () => {
  const bit = Float32Array.of(1 + 2 ** -23, 0, Number.NaN)
  const sign = Float32Array.of(1, -0, Number.NaN)
  for (const weight of [bit, sign, Float32Array.of(1, 0)]) {
    assert.equal(changed(before(), { ...before(), 'a.weight': weight }), ['a.weight'])
  }
})

test('that are missing or come from nowhere are changed', () => {
  const { b, ...rest } = before()
  assert.equal(changed(before(), rest), ['b'])
  assert.equal(changed(rest, before()), ['b'])
  assert.is(b.length, 1)
})

test('are compared within a larger buffer', () => {
  const all = Float32Array.of(9, 1, 2, 9)
  assert.equal(changed({ a: all.subarray(1, 3) }, { a: Float32Array.of(1, 2) }), [])
})

test('that changed are a failure that names the first and counts the others', () => {
  const proved = proveFrozen(before(), {
    'a.weight': Float32Array.of(1, 0, 2),
    b: Uint32Array.of(8),
  })
  assert.ok(E.isLeft(proved))
  if (E.isLeft(proved)) {
    assert.is(proved.left.exit, 1)
    assert.match(showFault(proved.left), /parameter a\.weight: frozen, and yet changed, as are 1 o/)
  }
})

test.run()
