// Lanes of looping shaders: whole lines of memory in order on software Vulkan, many lanes on real GPUs.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { eachFor, lanesFor } from '../../kernels/lanes.ts'
import type { Family } from '../../src/core/dispatch.ts'

const limits = {
  maxWorkgroups: 65_535,
  maxBindingBytes: 2 ** 27,
  maxBufferBytes: 2 ** 30,
  maxTextureSize: 16_384,
  workgroupBytes: 32_768,
}

const test = suite('lanes')

test('a lane takes two elements only where lanes in turn take all of a row', () => {
  for (const family of ['tiled', 'subgroup', 'texture'] satisfies ReadonlyArray<Family>) {
    const target = { family, limits }
    for (const width of [1, 4, 32, 48, 63, 64, 96, 128, 2048]) {
      const each = eachFor(width, target)
      if (each > 1) assert.is(width % (4 * each * lanesFor(target)), 0, `${family} ${width}`)
    }
  }
  assert.is(eachFor(64, { family: 'subgroup', limits }), 2)
  assert.is(eachFor(64, { family: 'tiled', limits }), 1)
})

test.run()
