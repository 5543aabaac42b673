// What results say of their device.
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { DeviceFacts, deviceFacts, showEngine } from '../../src/codec/device-facts.ts'

const test = suite('device facts')

const old = { engine: 'webgpu', adapter: 'a', driver: 'd', family: 'tiled' }
const facts: DeviceFacts = { ...old, precision: 'f16' }

test('are of f32 where a result says nothing of precision', () => {
  assert.equal(DeviceFacts.decode(old), E.right({ ...old, precision: 'f32' }))
  assert.equal(DeviceFacts.decode(facts), E.right(facts))
  assert.ok(E.isLeft(DeviceFacts.decode({ ...old, precision: 'f8' })))
})

test('leave out what else is known of a device', () => {
  const info = { ...facts, vendor: 'v', software: false }
  assert.equal(deviceFacts(info), facts)
})

test('name an engine that multiplies in f16 otherwise than one that does not', () => {
  assert.is(showEngine({ ...facts, precision: 'f32' }), 'webgpu')
  assert.is(showEngine(facts), 'webgpu with f16 products')
})

test.run()
