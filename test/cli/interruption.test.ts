// Ctrl-C: the first asks, the second ends, and a released watch does neither.
import { EventEmitter } from 'node:events'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { watchInterruption } from '../../cli/interruption.ts'

const test = suite('interruption')

const processOf = () => {
  const emitter = new EventEmitter()
  const exits: Array<number> = []
  return {
    emitter,
    exits,
    signals: {
      on: (signal: string, listener: () => void) => emitter.on(signal, listener),
      off: (signal: string, listener: () => void) => emitter.off(signal, listener),
      exit: (code: number) => {
        exits.push(code)
      },
    },
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`asks at the first ${signal} and ends at the second`, () => {
    const { emitter, exits, signals } = processOf()
    let said = 0
    const watch = watchInterruption(signals, () => {
      said += 1
    })
    assert.not.ok(watch.asked())
    emitter.emit(signal)
    assert.ok(watch.asked())
    assert.equal([said, exits], [1, []])
    emitter.emit('SIGINT')
    assert.equal([said, exits], [1, [130]])
  })
}

test('leaves the process as it was when released', () => {
  const { emitter, signals } = processOf()
  const watch = watchInterruption(signals, () => undefined)
  assert.is(emitter.listenerCount('SIGINT'), 1)
  watch.release()
  assert.is(emitter.listenerCount('SIGINT') + emitter.listenerCount('SIGTERM'), 0)
})

test.run()
