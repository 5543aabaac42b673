// gradientFault finds wrong gradients and lets right ones pass, at kinks too; differsAt compares whole arrays.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Data } from '../../src/core/aval.ts'
import { differsAt } from './close-to.ts'
import { gradientFault } from './differences.ts'

const map = (f: (x: number) => number) => (ins: ReadonlyArray<Data>) =>
  ins.slice(0, 1).map(x => Float32Array.from(x, f))
const at = (f: (x: number) => number, xs: ReadonlyArray<number>, gradient: ReadonlyArray<number>) =>
  gradientFault(
    {
      f: map(f),
      ins: [Float32Array.from(xs)],
      cotangents: [new Float32Array(xs.length).fill(2)],
    },
    0,
    Float32Array.from(gradient),
  )

const differences = suite('gradientFault')

differences('passes the gradient of a smooth function and none that is 1 % off', () => {
  const xs = [0.3, -1.2, 2]
  const right = xs.map(x => 2 * Math.cos(x))
  assert.is(at(Math.sin, xs, right), null)
  assert.match(
    String(at(Math.sin, xs, [right[0] ?? 0, 1.01 * (right[1] ?? 0), right[2] ?? 0])),
    /operand 0, element 1: gradient 0\.73/,
  )
})

differences('takes any slope between the two of a kink, and no other', () => {
  const relu = (x: number) => Math.max(x, 0)
  assert.is(at(relu, [0], [0]), null)
  assert.is(at(relu, [0], [2]), null)
  assert.is(at(relu, [0.004], [2]), null)
  assert.match(String(at(relu, [0], [2.1])), /element 0/)
  assert.match(String(at(relu, [0], [-0.1])), /element 0/)
  assert.match(String(at(relu, [1], [0])), /element 0/)
})

differences('does not take a gradient that is no number', () => {
  assert.match(String(at(Math.sin, [1], [Number.NaN])), /gradient NaN/)
})

differences.run()

const closeness = suite('differsAt')

closeness('bounds each difference by the largest expected element', () => {
  assert.is(differsAt(Float32Array.of(100, 0.5), Float32Array.of(100, 0), 1e-2), null)
  assert.match(
    String(differsAt(Float32Array.of(100, 1.5), Float32Array.of(100, 0), 1e-2)),
    /element 1 is 1\.5/,
  )
  assert.match(String(differsAt(Float32Array.of(1), Float32Array.of(1, 2), 1)), /1 elements/)
})

closeness('wants the same values that are not finite', () => {
  const odd = Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY)
  assert.is(differsAt(odd, odd.slice(), 0), null)
  assert.match(String(differsAt(Float32Array.of(Number.NaN), Float32Array.of(0), 1)), /element 0/)
  assert.match(String(differsAt(Float32Array.of(0, 3), odd, 1)), /element 0/)
})

closeness('compares integers exactly at tolerance zero', () => {
  assert.is(differsAt(Uint32Array.of(1, 2), Uint32Array.of(1, 2), 0), null)
  assert.match(String(differsAt(Uint32Array.of(1, 3), Uint32Array.of(1, 2), 0)), /element 1/)
})

closeness.run()
