// Profiles: times summed by op, shares, rates, and a trace whose events follow one another.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Profile } from '../../src/device/profile.ts'
import type { Plan, Step } from '../../src/plan/types.ts'
import { chromeTrace, formatProfiles, opTimes } from '../../src/report/profile.ts'

const test = suite('profile')

const step = (call: number, op: string, label: string): Step => ({
  _tag: 'Dispatch',
  call,
  op,
  label,
  shader: '',
  constants: {},
  uniform: null,
  bindings: [],
  workgroups: [3, 1, 1],
})

const plan: Plan = {
  calls: [
    { op: 'conv2d', flops: 4e9, bytes: 8e6 },
    { op: 'relu', flops: 0, bytes: 2e6 },
    { op: 'conv2d', flops: 2e9, bytes: 4e6 },
  ],
  steps: [
    step(0, 'conv2d', 'pack weights'),
    step(0, 'conv2d', 'conv2d'),
    step(1, 'relu', 'relu'),
    step(2, 'conv2d', 'conv2d'),
  ],
  arguments: [],
  outputs: [],
  arenas: [],
  textures: [],
  uniforms: new Uint32Array(),
  bytes: { arguments: 0, arenas: 0, textures: 0, uniforms: 0, readback: 0, live: 0 },
}

const profile: Profile = { plan, ms: [10, 50, 20, 20], clock: 'host' }

test('adds up the steps of an op, the slowest op first', () => {
  assert.equal(opTimes(profile), [
    { op: 'conv2d', calls: 2, ms: 80, share: 0.8, flops: 6e9, bytes: 12e6 },
    { op: 'relu', calls: 1, ms: 20, share: 0.2, flops: 0, bytes: 2e6 },
  ])
})

test('a profile without time has no shares', () => {
  assert.equal(
    opTimes({ ...profile, ms: [0, 0, 0, 0] }).map(({ share }) => share),
    [0, 0],
  )
})

test('the table has rates, and none of what an op does not do', () => {
  const [conv, relu] = formatProfiles([profile]).split('\n').slice(-2)
  assert.match(conv ?? '', /^conv2d +2 +80\.0 +80\.0% +75\.0 +0\.15/)
  assert.match(relu ?? '', /^relu +1 +20\.0 +20\.0% +0\.1/)
})

test('the trace has an event a step, one after the other in microseconds, a process a program', () => {
  const { traceEvents } = JSON.parse(chromeTrace([profile, profile]))
  const events = traceEvents.filter((e: { ph: string; pid: number }) => e.ph === 'X' && e.pid === 1)
  assert.equal(
    events.map(({ name, cat, ts, dur }: Record<string, unknown>) => [name, cat, ts, dur]),
    [
      ['conv2d', 'pack weights', 0, 10_000],
      ['conv2d', 'conv2d', 10_000, 50_000],
      ['relu', 'relu', 60_000, 20_000],
      ['conv2d', 'conv2d', 80_000, 20_000],
    ],
  )
})

test.run()
