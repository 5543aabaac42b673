// Inference over a feed: prepared images are turned channels last, batches end padded, outputs come in order.
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { cpuEngine } from '../../src/device/cpu.ts'
import { mlp } from '../../src/models/mlp.ts'
import { infer, inferenceProgram, tensorFeed } from '../../src/train/infer.ts'
import { networkOf, putContents, startingContents } from '../../src/train/network.ts'
import { done, right } from '../support/engines.ts'

const test = suite('inference')

test('turns images [N, 3, H, W] channels last, and pads the last batch', async () => {
  const feed = tensorFeed(
    Float32Array.from({ length: 36 }, (_, i) => i),
    [3, 3, 2, 2],
  )
  const batches: Array<ReadonlyArray<number>> = []
  for await (const batch of feed.batches(2)) batches.push([...right(batch)])
  const image = (n: number) => [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11].map(i => 12 * n + i)
  assert.equal(batches, [
    [...image(0), ...image(1)],
    [...image(2), ...new Array(12).fill(0)],
  ])
})

test('gives the same logits whatever the batch, in order, and stops when asked', async () => {
  const network = right(networkOf(mlp({ inputs: 12, depth: 2, width: 5, classes: 4 }), 'net'))
  const data = Float32Array.from({ length: 36 }, (_, i) => Math.sin(i))
  const feed = tensorFeed(data, [3, 3, 2, 2])
  const engine = cpuEngine()
  await done(putContents(engine, network, startingContents(network, 1)))
  const logitsBy = async (size: number, most: number) => {
    const program = inferenceProgram(network, feed, size, ({ logits }) => ({ logits }))
    const logits: Array<number> = []
    const passed = await done(
      infer(engine, program, feed, size, (outputs, first, rows) => {
        logits.push(...(outputs.logits?.subarray(0, 4 * rows) ?? []))
        return first + rows < most
      }),
    )
    return { passed, logits }
  }
  const whole = await logitsBy(3, 3)
  assert.is(whole.passed, 3)
  assert.equal(await logitsBy(2, 3), whole)
  assert.equal(await logitsBy(1, 2), { passed: 2, logits: whole.logits.slice(0, 8) })
  assert.ok(E.isLeft(await engine.get('feed/input')()), 'the feed leaves nothing in the store')
})

test.run()
