// Lanczos: the largest eigenvalue also where the start is all but orthogonal to its vector.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { lanczosDone, startLanczos, stepLanczos } from '../../src/collapse/lanczos.ts'
import { nearRelative } from '../support/index.ts'

const test = suite('lanczos')

const d = 50
const start = startLanczos({ classes: 1, d, means: new Float64Array(d) }, true)

const dot = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, x, j) => sum + x * (b[j] ?? 0), 0)

const unit = (x: Float64Array): Float64Array => x.map(value => value / Math.sqrt(dot(x, x)))

// Orthonormal directions, the first of which holds `share` of the start and the second the rest.
const directions = (share: number): readonly [Float64Array, Float64Array] => {
  const axis = new Float64Array(d).fill(0).with(0, 1)
  const across = unit(axis.map((x, j) => x - dot(axis, start.vectors) * (start.vectors[j] ?? 0)))
  const other = Math.sqrt(1 - share * share)
  return [
    across.map((x, j) => other * x + share * (start.vectors[j] ?? 0)),
    start.vectors.map((x, j) => other * x - share * (across[j] ?? 0)),
  ]
}

for (const share of [0.5, 1e-3, 1e-4, 1e-6]) {
  test(`two close eigenvalues, ${share} of the start along the larger one's vector`, () => {
    const [first, second] = directions(share)
    let state = start
    let steps = 0
    while (!lanczosDone(state)) {
      const x = state.vectors
      const [a, b] = [1.02 * dot(first, x), dot(second, x)]
      state = stepLanczos(
        state,
        x.map((_, j) => a * (first[j] ?? 0) + b * (second[j] ?? 0)),
      )
      steps++
    }
    nearRelative(state.values[0] ?? 0, 1.02, 1e-10)
    assert.ok(steps <= 4)
  })
}

test.run()
