// Placement: no two storages that live together overlap, whatever the lifetimes; and little is wasted.
import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ALIGNMENT, type Interval, liveBytes, place } from '../../src/plan/place.ts'

const test = suite('place')

const intervals = fc
  .array(
    fc.record({
      bytes: fc.integer({ min: 1, max: 5000 }).map(n => 16 * n),
      first: fc.nat(30),
      length: fc.nat(10),
    }),
    { maxLength: 40 },
  )
  .map(list =>
    list.map(
      ({ bytes, first, length }, i): Interval => ({
        key: `${i}`,
        bytes,
        first,
        last: first + length,
      }),
    ),
  )

const slotOf = (placement: ReturnType<typeof place>, { key }: Interval) => {
  const slot = placement.slots.get(key)
  assert.ok(slot !== undefined, `${key} is not placed`)
  return slot ?? { arena: -1, offset: 0, bytes: 0 }
}

const limits = fc.constantFrom(1 << 16, 1 << 18, 1 << 30)

test('keeps what lives at the same time apart, aligned and inside its arena', () => {
  fc.assert(
    fc.property(intervals, limits, (list, limit) => {
      const placement = place(list, limit)
      for (const a of list) {
        const at = slotOf(placement, a)
        assert.is(at.offset % ALIGNMENT, 0)
        assert.ok(at.offset + a.bytes <= (placement.arenas[at.arena] ?? 0))
        for (const b of list) {
          const other = slotOf(placement, b)
          const together = a.first <= b.last && b.first <= a.last && at.arena === other.arena
          if (a === b || !together) continue
          const apart = at.offset + a.bytes <= other.offset || other.offset + b.bytes <= at.offset
          assert.ok(apart, `${a.key} and ${b.key} overlap`)
        }
      }
    }),
  )
})

test('passes the arena limit only for a storage that is larger itself', () => {
  fc.assert(
    fc.property(intervals, limits, (list, limit) => {
      const placement = place(list, limit)
      placement.arenas.forEach((bytes, arena) => {
        const inside = list.filter(i => slotOf(placement, i).arena === arena)
        const largest = Math.max(...inside.map(i => i.bytes))
        assert.ok(bytes <= Math.max(limit, largest) + ALIGNMENT)
      })
    }),
  )
})

test('needs no more than the live bytes for a chain, alignment aside', () => {
  const chain = Array.from(
    { length: 20 },
    (_, t): Interval => ({
      key: `${t}`,
      bytes: 1024,
      first: t,
      last: t + 1,
    }),
  )
  assert.is(liveBytes(chain), 2048)
  assert.equal(place(chain, 1 << 30).arenas, [2048])
})

test.run()
