// attention for GPUs: blocks of tokens whole and broken at ViT's head size, and what is left to matrices in memory.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { attention } from '../../kernels/attention.ts'
import { backwardPasses, forwardPasses } from '../../kernels/attention-lower.ts'
import { f32 } from '../../src/core/aval.ts'
import { type Dispatch, refsOf, type Target } from '../../src/core/dispatch.ts'
import { checkOp } from '../support/check-op.ts'

checkOp(attention, {
  attrs: { heads: 2 },
  shapes: [[f32(2, 65, 384)], [f32(1, 32, 216)]],
  ports: [0],
  families: ['tiled'],
})

const target = (workgroupBytes: number): Target => ({
  family: 'tiled',
  limits: {
    maxWorkgroups: 65535,
    maxBindingBytes: 2 ** 27,
    maxBufferBytes: 2 ** 28,
    maxTextureSize: 16384,
    workgroupBytes,
  },
})

const test = suite('attention, tiled')

const scratchBytes = (works: ReadonlyArray<Dispatch>): number =>
  Math.max(0, ...works.flatMap(refsOf).map(ref => (ref._tag === 'Scratch' ? ref.bytes : 0)))

const vit = { batch: 256, tokens: 50, heads: 12, depth: 64 }

test('holds no scores in memory where heads fit the lanes and the workgroup memory', () => {
  const forward = forwardPasses(vit, target(49152))
  assert.is(forward.length, 1)
  assert.is(scratchBytes(forward), 0)
  const backward = backwardPasses(vit, target(49152))
  assert.is(backward.length, 3)
  assert.is(scratchBytes(backward), 4 * 256 * 12 * 50)
})

test('leaves other heads and devices to matrices in memory', () => {
  assert.ok(scratchBytes(forwardPasses({ ...vit, depth: 68 }, target(49152))) > 0)
  assert.ok(scratchBytes(forwardPasses(vit, target(16384))) > 0)
  assert.ok(scratchBytes(backwardPasses(vit, target(16384))) > 4 * 256 * 12 * 50)
})

test.run()
