// Names beside points: free space first, nothing on top of each other where there is room, none lost.
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { placeLabels } from '../../src/report/place-labels.ts'

const room = { width: 400, height: 300, letter: 12 }

const labels = suite('labels')
labels('stand on the right where nothing is in the way', () => {
  assert.equal(placeLabels([{ x: 100, y: 100, text: 'a' }], room), [
    { x: 108, y: 100, text: 'a', align: 'left' },
  ])
})
labels('turn away from the edge and from a neighbour', () => {
  const [edge] = placeLabels([{ x: 395, y: 100, text: 'layer6' }], room)
  assert.is(edge?.align, 'right')
  const [first, second] = placeLabels(
    [
      { x: 100, y: 100, text: 'layer1' },
      { x: 118, y: 100, text: 'layer2' },
    ],
    room,
  )
  assert.is(first?.align, 'right')
  assert.is(second?.align, 'left')
})
labels('do not cover each other on a crowded diagonal', () => {
  const spots = Array.from({ length: 9 }, (_, i) => ({
    x: 60 + 22 * i,
    y: 60 + 20 * i,
    text: `l${i}`,
  }))
  const placed = placeLabels(spots, room)
  const centre = placed.map(({ x, y, align }) => ({
    x: align === 'left' ? x + 7 : align === 'right' ? x - 7 : x,
    y,
  }))
  centre.forEach((a, i) => {
    for (const b of centre.slice(i + 1))
      assert.ok(Math.abs(a.x - b.x) >= 13 || Math.abs(a.y - b.y) >= 12)
  })
})
labels('are as many as the points, with their texts, in their order', () => {
  const spot = fc.record({
    x: fc.integer({ min: 0, max: 400 }),
    y: fc.integer({ min: 0, max: 300 }),
    text: fc.string(),
  })
  fc.assert(
    fc.property(fc.array(spot, { maxLength: 15 }), spots => {
      assert.equal(
        placeLabels(spots, room).map(({ text }) => text),
        spots.map(({ text }) => text),
      )
    }),
  )
})
labels.run()
