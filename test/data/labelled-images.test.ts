// Choosing and packing rows: stratified, nested, seeded, renumbered.
import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { showFault } from '../../src/core/fault.ts'
import { chooseRows, type LabelledImages, packRows } from '../../src/data/labelled-images.ts'
import { left, right } from '../support/either.ts'

const test = suite('labelled images')

const FEATURES = 6
const images: LabelledImages = {
  count: 60,
  features: FEATURES,
  classes: 4,
  bytes: Uint8Array.from({ length: 60 * FEATURES }, (_, i) => i % 251),
  labels: Uint8Array.from({ length: 60 }, (_, i) => (i * 7) % 4),
}

const rows = (choice: Partial<Parameters<typeof chooseRows>[1]>): ReadonlyArray<number> => [
  ...right(chooseRows(images, { classes: null, perClass: null, seed: null, ...choice }, 'd')),
]

const classes = fc.option(fc.shuffledSubarray([0, 1, 2, 3], { minLength: 1 }))

test('all rows are taken in stored order where nothing is said', () => {
  assert.equal(
    rows({}),
    Array.from({ length: 60 }, (_, i) => i),
  )
})

test('a subset holds exactly perClass rows of each class asked for, in stored order', () => {
  fc.assert(
    fc.property(classes, fc.integer({ min: 1, max: 15 }), fc.nat(), (which, perClass, seed) => {
      const taken = rows({ classes: which, perClass, seed })
      const counts = new Map<number, number>()
      for (const row of taken) {
        const label = images.labels[row] ?? -1
        counts.set(label, (counts.get(label) ?? 0) + 1)
      }
      assert.equal([...counts.keys()].sort(), [...(which ?? [0, 1, 2, 3])].sort())
      assert.ok([...counts.values()].every(n => n === perClass))
      assert.equal(
        taken,
        [...new Set(taken)].sort((a, b) => a - b),
      )
    }),
  )
})

test('a smaller subset of the same seed lies within a larger one', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 15 }),
      fc.integer({ min: 1, max: 15 }),
      fc.nat(),
      (a, b, seed) => {
        const small = rows({ perClass: Math.min(a, b), seed })
        const large = new Set(rows({ perClass: Math.max(a, b), seed }))
        assert.ok(small.every(row => large.has(row)))
      },
    ),
  )
})

test('what is taken of a class depends on the seed and not on the other classes', () => {
  assert.equal(rows({ perClass: 5, seed: 3 }), rows({ perClass: 5, seed: 3 }))
  assert.not.equal(rows({ perClass: 5, seed: 3 }), rows({ perClass: 5, seed: 4 }))
  const alone = rows({ classes: [2], perClass: 5, seed: 3 })
  const together = rows({ perClass: 5, seed: 3 }).filter(row => images.labels[row] === 2)
  assert.equal(alone, together)
})

test('a class that is not there or too small is a fault', () => {
  const said = (choice: object): string =>
    showFault(
      left(chooseRows(images, { classes: null, perClass: null, seed: null, ...choice }, 'd')),
    )
  assert.match(said({ classes: [0, 4] }), /^d: there is no class 4; classes are 0-3/)
  assert.match(said({ perClass: 16 }), /class 0 has 15 samples, not 16; lower perClass to 15/)
})

test('rows are packed four bytes to a word, and labels numbered in the order of the classes', () => {
  const chosen = right(chooseRows(images, { classes: [3, 1], perClass: 2, seed: 0 }, 'd'))
  const packed = packRows(images, chosen, [3, 1])
  assert.is(packed.count, 4)
  assert.is(packed.classes, 2)
  assert.is(packed.words.length, 4 * 2)
  const bytes = new Uint8Array(packed.words.buffer)
  chosen.forEach((row, i) => {
    const wanted = [...images.bytes.subarray(row * FEATURES, (row + 1) * FEATURES), 0, 0]
    assert.equal([...bytes.subarray(i * 8, (i + 1) * 8)], wanted)
    assert.is(packed.labels[i], images.labels[row] === 3 ? 0 : 1)
  })
  const first = images.bytes.subarray((chosen[0] ?? 0) * FEATURES)
  const word = (first[0] ?? 0) + 256 * (first[1] ?? 0) + 65536 * (first[2] ?? 0)
  assert.is((packed.words[0] ?? 0) & 0xffffff, word)
})

test.run()
