// `bench tune`: how the family is chosen, and that every tile that fits is measured and gives a reach.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { fastestOf, tileSpeeds } from '../../bench/tune.ts'
import { reachesFrom, tileList, tileName, workgroupBytesOf } from '../../kernels/product-tiled.ts'
import { engineOf, useEngines } from '../support/engines.ts'

const test = suite('bench tune')
const close = useEngines()
test.after(close)

test('takes the family whose times multiply to least, the first of equals', () => {
  assert.is(fastestOf([]), null)
  assert.is(
    fastestOf([
      { family: 'subgroup', ms: [4, 4] },
      { family: 'texture', ms: [30, 0.5] },
      { family: 'tiled', ms: [2, 8] },
    ]),
    'texture',
  )
  assert.is(
    fastestOf([
      { family: 'subgroup', ms: [4, 4] },
      { family: 'tiled', ms: [2, 8] },
    ]),
    'subgroup',
  )
})

test('gives the fastest f32 tile the best estimate, and others their part of it', () => {
  const speeds = tileList.map((tile, i) => ({ tile, speed: tile.halves ? 200 : 100 / (i + 1) }))
  const reaches = reachesFrom(speeds)
  assert.is(Object.keys(reaches).length, tileList.length)
  assert.is(reaches['128x128'], 0.7)
  assert.is(reaches['128x64'], 0.35)
  assert.is(reaches['128x128 f16'], 1.4)
})

test('times every tile that the device has room for', async () => {
  const engine = await engineOf('tiled')
  if (engine === null) return
  const speeds = await tileSpeeds(engine, { m: 128, k: 16, runs: 1 })
  const { workgroupBytes } = engine.target.limits
  assert.equal(
    speeds.map(({ tile }) => tileName(tile)),
    tileList.filter(tile => !tile.halves && workgroupBytesOf(tile) <= workgroupBytes).map(tileName),
  )
  for (const { speed } of speeds) assert.ok(speed > 0 && Number.isFinite(speed))
})

test.run()
