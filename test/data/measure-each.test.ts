// Several tables measured beside each other: the reports of each alone, in order; the first fault; a stop.
import * as O from 'fp-ts/Option'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { measure } from '../../src/collapse/measure.ts'
import { showFault } from '../../src/core/fault.ts'
import type { LabelledRows } from '../../src/data/feature-source.ts'
import { measureEach } from '../../src/data/measure-each.ts'
import { left, nearRelative, right } from '../support/either.ts'
import { sampleOf } from '../support/features.ts'

const test = suite('several tables')

const COUNTS = [30, 30, 30]
const sampleOfWidth = (d: number) =>
  sampleOf({ seed: 5, d, counts: COUNTS, spread: 0.5, offset: 1 })

const tableOf = (d: number, change = (x: Float32Array): Float32Array => x): LabelledRows => {
  const { features, labels, classes } = sampleOfWidth(d)
  const held = new Float32Array(new SharedArrayBuffer(4 * features.data.length))
  held.set(change(Float32Array.from(features.data)))
  const rows = { path: `layer ${d}`, held, dtype: 'F32', fortran: false, n: features.n, d } as const
  return { rows, ids: Int32Array.from(labels), classes, classifier: null }
}

const widths = [4, 70, 9, 33, 5]
const sources = widths.map(d => tableOf(d))

test('give what each gives alone, in their order, on any number of threads', async () => {
  const alone = widths.map((d, i) => {
    const rows = sources[i]?.rows
    const data = rows !== undefined && 'held' in rows ? rows.held : new Float32Array(0)
    return right(measure({ data, n: 90, d }, sampleOfWidth(d).labels))
  })
  for (const workers of [1, 2, 4]) {
    const dones: Array<number> = []
    const onTable = (done: number, total: number): boolean => {
      dones.push(done)
      return total === widths.length
    }
    const found = right(await measureEach(sources, { workers, onTable })())
    assert.equal(O.isSome(found) ? found.value : [], alone)
    assert.equal(dones, [1, 2, 3, 4, 5])
  }
})

test('compute what is asked for, under the conventions given', async () => {
  const options = { workers: 2, only: ['nc1'], conventions: { nc1: 'traces' } } as const
  const [alone, quotients] = [
    right(await measureEach(sources.slice(0, 2), { workers: 2 })()),
    right(await measureEach(sources.slice(0, 2), options)()),
  ]
  const [whole, quotient] = [alone, quotients].map(found =>
    O.isSome(found) ? found.value[1] : null,
  )
  assert.is(quotient?.cdnv, null)
  nearRelative(quotient?.nc1 ?? 0, (whole?.traceW ?? 0) / (whole?.traceB ?? 0), 1e-12)
})

test('end with the first fault, which names its table', async () => {
  const spoilt = tableOf(7, data => data.fill(Number.NaN, 14, 15))
  for (const workers of [1, 2]) {
    const failed = left(await measureEach([...sources, spoilt], { workers })())
    assert.match(showFault(failed), /^layer 7: NaN or Inf .*row 2/)
  }
})

test('stop where they are told to', async () => {
  for (const workers of [1, 2]) {
    const found = await measureEach(sources, { workers, onTable: done => done < 2 })()
    assert.ok(O.isNone(right(found)))
  }
})

test.run()
