// Axes of convolutions: forth and back they meet the same pixels under the same taps, each once.
import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Axis, backwardAxes, type Conv, forwardAxis } from '../../kernels/conv-form.ts'

const cases = fc
  .record({
    side: fc.integer({ min: 1, max: 12 }),
    taps: fc.integer({ min: 1, max: 5 }),
    stride: fc.integer({ min: 1, max: 6 }),
    padding: fc.integer({ min: 0, max: 4 }),
    dilation: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ side, taps, ...rest }) => {
    const conv: Conv = { ...rest, groups: 1 }
    const free = side + 2 * conv.padding - conv.dilation * (taps - 1) - 1
    return { side, taps, conv, after: Math.floor(free / conv.stride) + 1 }
  })
  .filter(({ after }) => after > 0)

/** Every (pixel made, tap, pixel read) of an axis, of those whose pixel lies on the side that is read. */
const meetings = (axis: Axis, readSide: number): ReadonlyArray<readonly [number, number, number]> =>
  Array.from({ length: axis.grid }, (_, u) =>
    Array.from({ length: axis.taps }, (_, j) => {
      const made = axis.outStride * u + axis.outFirst
      const read = axis.stride * u + axis.offset + axis.step * j
      return [made, axis.firstTap + axis.tapStep * j, read] as const
    }),
  )
    .flat()
    .filter(([, , read]) => read >= 0 && read < readSide)

const test = suite('conv axes')

test('meet each pixel under each tap once, and the way back is the same meetings', () => {
  fc.assert(
    fc.property(cases, ({ side, taps, conv, after }) => {
      const forth = meetings(forwardAxis(after, taps, conv), side).map(m => m.join())
      const back = backwardAxes(side, taps, conv).flatMap(axis => meetings(axis, after))
      assert.is(new Set(forth).size, forth.length)
      assert.equal(back.map(([x, tap, y]) => [y, tap, x].join()).sort(), [...forth].sort())
    }),
  )
})

test('the way back makes every pixel once, those that nothing has seen too', () => {
  fc.assert(
    fc.property(cases, ({ side, taps, conv }) => {
      const made = backwardAxes(side, taps, conv).flatMap(axis =>
        Array.from({ length: axis.grid }, (_, u) => axis.outStride * u + axis.outFirst),
      )
      const all = Array.from({ length: side }, (_, i) => i)
      assert.equal(
        [...made].sort((a, b) => a - b),
        all,
      )
    }),
  )
})

test.run()
