// Threads: answers to questions in turn, and a fault where the thread dies.
import { pathToFileURL } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { showFault } from '../../src/core/fault.ts'
import { startThread } from '../../src/data/thread.ts'
import { left, right } from '../support/either.ts'
import { makeFolder } from '../support/feature-files.ts'

const test = suite('threads')
const folder = makeFolder()
test.after(folder.remove)

const counter = pathToFileURL(
  folder.bytes(
    'counter.mjs',
    `import { parentPort, workerData } from 'node:worker_threads'
parentPort.on('message', n => {
  if (n < 0) process.exit(3)
  for (let i = 1; i <= n; i++) parentPort.postMessage(workerData + i)
})`,
  ),
)

test('answer with the reply that is said to be the last', async () => {
  const { ask, end } = startThread<number, number>(counter, 100, 'counting')
  for (const n of [3, 5]) {
    const heard: Array<number> = []
    const isLast = (reply: number): reply is number => heard.push(reply) === n
    assert.is(right(await ask(n, isLast)), 100 + n)
    assert.equal(heard.length, n)
  }
  end()
})

test('give a fault where they die', async () => {
  const { ask, end } = startThread<number, number>(counter, 0, 'counting')
  const failed = left(await ask(-1, (reply): reply is number => reply > 0))
  assert.match(showFault(failed), /^counting: a worker stopped \(exit 3\)/)
  assert.is(failed.exit, 1)
  end()
})

test.run()
