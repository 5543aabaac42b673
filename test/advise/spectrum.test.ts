// The spectrum: rows and columns give the same numbers, and energies add up to the labels'.
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { spectrumOf } from '../../src/advise/spectrum.ts'
import type { Features } from '../../src/collapse/index.ts'
import { near, right, type Sample, samples } from '../support/index.ts'

const test = suite('spectrumOf')

const idsOf = ({ labels, classes }: Sample) => ({ ids: Int32Array.from(labels), classes })

// Columns of zeros change no inner product of rows, and make wide features of narrow ones.
const padded = ({ data, n, d }: Features): Features => {
  const wide = new Float64Array(n * (d + n))
  for (let i = 0; i < n; i++) wide.set(data.subarray(i * d, i * d + d), i * (d + n))
  return { data: wide, n, d: d + n }
}

test('is the same through rows and through columns', () => {
  const tall = samples({ d: [1, 4], perClass: [4, 8], classes: [2, 4] })
  fc.assert(
    fc.property(tall, fc.boolean(), (sample, centred) => {
      const ids = idsOf(sample)
      const tallOne = right(spectrumOf(sample.features, ids, centred))
      const wideOne = right(spectrumOf(padded(sample.features), ids, centred))
      assert.is(wideOne.rank, tallOne.rank)
      tallOne.squares.forEach((x, i) => {
        near(wideOne.squares[i] ?? Number.NaN, x, 1e-9)
      })
      tallOne.projections.forEach((z, i) => {
        near((wideOne.projections[i] ?? Number.NaN) ** 2, z * z, 1e-6)
      })
      const missed = wideOne.missed()
      tallOne.missed().forEach((x, k) => {
        near(missed[k] ?? Number.NaN, x, 1e-8)
      })
    }),
  )
})

test('splits the energy of one-hot labels into what it has and what it misses', () => {
  fc.assert(
    fc.property(samples(), fc.boolean(), (sample, centred) => {
      const { rank, projections, missed } = right(
        spectrumOf(sample.features, idsOf(sample), centred),
      )
      missed().forEach((rest, k) => {
        const own = projections.subarray(k * rank, k * rank + rank)
        const energy = own.reduce((sum, z) => sum + z * z, rest)
        near(energy, sample.labels.filter(y => y === k).length, 1e-8)
      })
    }),
  )
})

test('keeps no direction of rounding', () => {
  const data = Float64Array.from({ length: 40 }, (_, at) => Math.floor(at / 4) * (1 + (at % 4)))
  const features = { data, n: 10, d: 4 }
  const ids = { ids: Int32Array.from({ length: 10 }, (_, i) => i % 2), classes: 2 }
  assert.is(right(spectrumOf(features, ids, false)).rank, 1)
  assert.is(right(spectrumOf({ ...features, data: data.map(() => 0.1) }, ids, true)).rank, 0)
})

test.run()
