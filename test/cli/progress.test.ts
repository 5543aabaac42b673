// Progress: lines for pipes, a bar for terminals, nothing for the quiet.
import { Writable } from 'node:stream'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { barProgress, plainProgress, showPace, showSeconds, silent } from '../../cli/progress.ts'

const test = suite('progress')

const screenOf = () => {
  const clock = { seconds: 0 }
  const written: Array<string> = []
  return {
    clock,
    written,
    screen: {
      write: (text: string) => {
        written.push(text)
      },
      now: () => clock.seconds,
    },
  }
}

test('shows seconds as people say them', () => {
  assert.equal([0, 9.4, 59.6, 65, 3599, 3600, 7380].map(showSeconds), [
    '0 s',
    '9 s',
    '1 min 00 s',
    '1 min 05 s',
    '59 min 59 s',
    '1 h 00 min',
    '2 h 03 min',
  ])
})

test('shows the pace of the steps of this process only', () => {
  assert.is(showPace(100, 2, 25), '50/s, 1 s left')
  assert.is(showPace(3, 2, 30), '1.5/s, 20 s left')
  assert.is(showPace(1, 100, 2), '0.010/s, 3 min 20 s left')
  assert.is(showPace(0, 2, 25), '')
})

test('writes a line at most every five seconds to a pipe', () => {
  const { clock, written, screen } = screenOf()
  const tracked = plainProgress(screen).start('training', 200, 100)
  for (let step = 101; step <= 124; step++) {
    clock.seconds += 0.5
    tracked.update(step, 'loss 0.5')
  }
  tracked.stop()
  assert.equal(written, [
    'training: 110/200 (55 %), 2.0/s, 45 s left, loss 0.5\n',
    'training: 120/200 (60 %), 2.0/s, 40 s left, loss 0.5\n',
  ])
})

test('writes log lines at once, and nothing where it is to be quiet', () => {
  const { written, screen } = screenOf()
  plainProgress(screen).log('hello')
  assert.equal(written, ['hello\n'])
  silent.log('no')
  silent.start('no', 3).update(2)
})

test('draws a bar on a terminal and logs above it', async () => {
  const { clock, screen } = screenOf()
  let drawn = ''
  const terminal = Object.assign(
    new Writable({
      write: (chunk, _encoding, next) => {
        drawn += String(chunk)
        next()
      },
    }),
    { isTTY: true, columns: 120, cursorTo: () => true, clearLine: () => true },
  )
  const progress = barProgress({ ...screen, write: text => terminal.write(text) }, terminal)
  const tracked = progress.start('training', 10)
  clock.seconds = 2
  tracked.update(4, 'loss 0.5')
  progress.log('epoch 1')
  await new Promise(resolve => setTimeout(resolve, 250))
  tracked.update(5, 'loss 0.4')
  await new Promise(resolve => setTimeout(resolve, 250))
  tracked.stop()
  assert.match(drawn, /training .*40 % \| 4\/10 2\.0\/s, 3 s left, loss 0\.5/)
  assert.ok(drawn.includes('\r\u001b[2Kepoch 1\n\u001b7'))
  assert.match(drawn, /5\/10/)
})

test.run()
