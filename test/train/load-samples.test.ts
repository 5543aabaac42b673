// Samples from data specs: what an engine takes of them.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { parseDataSpec } from '../../src/codec/data-spec.ts'
import { cpuEngine } from '../../src/device/cpu.ts'
import type { Named } from '../../src/device/engine.ts'
import { loadSamples } from '../../src/train/load-samples.ts'
import { batchInputs, batchOf, putBatch, putSamples } from '../../src/train/samples.ts'
import { using } from '../../src/train/run.ts'
import { trace } from '../../src/core/trace.ts'
import { pipe } from 'fp-ts/function'
import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'
import { fault } from '../../src/core/fault.ts'
import { readMnist } from '../../src/data/mnist.ts'
import { right } from '../support/either.ts'

const test = suite('loaded samples')

test('reach the device as standardised pixels with labels from 0', async () => {
  const spec = right(parseDataSpec('mnist?classes=9,4'))
  const samples = right(await loadSamples(spec, 'test', 'digits', '/nowhere')())
  const all = right(await readMnist('/nowhere', 'test')())
  const rows = [...all.labels.entries()].filter(([, l]) => l === 4 || l === 9).map(([i]) => i)
  assert.is(samples.count, rows.length)
  assert.is(samples.classes, 2)

  const engine = cpuEngine()
  const { x, labels } = batchOf(samples, 3)
  const program = pipe(
    trace({ outputs: { x, labels } }),
    E.mapLeft(() => fault('', '', '')),
  )
  const outputs = right(
    await pipe(
      putSamples(engine, samples),
      TE.chain(() => putBatch(engine, 3)),
      TE.chain(() =>
        using<Named>(
          engine,
          program,
        )(executable =>
          pipe(
            executable.run(batchInputs(Uint32Array.of(5, 0, 7), 3, 0)),
            TE.chain(() => executable.outputs),
          ),
        ),
      ),
    )(),
  )
  const wanted = [5, 0, 7].map(i => rows[i] ?? 0)
  assert.equal(
    [...(outputs.labels ?? [])],
    wanted.map(row => (all.labels[row] === 9 ? 0 : 1)),
  )
  wanted.forEach((row, i) => {
    for (let pixel = 0; pixel < 784; pixel++) {
      const expected = ((all.bytes[row * 784 + pixel] ?? 0) / 255 - 0.1307) / 0.3081
      const got = outputs.x?.[i * 784 + pixel] ?? Number.NaN
      assert.ok(Math.abs(got - expected) < 1e-5, `image ${i}, pixel ${pixel}: ${got}, ${expected}`)
    }
  })
})

test.run()
