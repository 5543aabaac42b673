// timeout: 300
// Real weights on some of the real images; skipped where ../shared/data is not there. bench/real-weights.ts takes all.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { firstOfEach, tryOut, trials } from '../../bench/real-weights.ts'
import { scoresOf } from '../../cli/predict/rank.ts'
import { done, nativeEngine, useEngines } from '../support/engines.ts'

const root = join(import.meta.dir, '../../../shared/data')
const test = suite('real weights')
const leave = useEngines()
const engine = existsSync(root) ? await nativeEngine() : null

if (engine === null) {
  console.log('skipped: no ../shared/data, or no adapter')
  test.skip('know their images', () => undefined)
} else {
  test('of ResNet-20 know CIFAR-10: 91.7 % of all, and about as many of 60 a class', async () => {
    const trial = { ...trials(root).resnet20, rows: firstOfEach(60) }
    const { logits, classes, labels } = await done(tryOut(engine, trial, root))
    const { accuracy } = scoresOf(logits, classes, labels)
    assert.is(labels.length, 600)
    assert.ok(Math.abs(accuracy - 0.917) < 0.03, `${accuracy}`)
  })

  test('of ResNet-18 know ImageNet: 75.9 % of all, as with torchvision, and most of 24', async () => {
    const every40th = (all: Uint32Array) =>
      Uint32Array.from({ length: 24 }, (_, i) => (i * all.length) / 25)
    const trial = { ...trials(root).resnet18, rows: every40th }
    const { logits, classes, labels } = await done(tryOut(engine, trial, root))
    const { accuracy, top5 } = scoresOf(logits, classes, labels)
    assert.ok(accuracy >= 0.6 && top5 >= 0.8, `${accuracy}, ${top5}`)
  })
}
test.after(leave)
test.run()
