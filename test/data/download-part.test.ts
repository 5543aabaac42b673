// Bytes of a download that are fewer or more than was told, and places that cannot be written.
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { at, file, isNothing, isWhole } from '../support/downloads.ts'
import { left, right } from '../support/either.ts'
import { ranged } from '../support/http.ts'

const test = suite('the part of a download')

test('takes a file that is shorter than its told length, if the hash is right', () =>
  at(
    asked => ({
      ...ranged(file, asked),
      ...(asked.from === 0 ? { headers: { 'content-length': 7000 }, end: 'cut' } : {}),
    }),
    async ({ to, get }) => {
      right(await get())
      isWhole(to)
    },
  ))

test('refuses a file that is longer than its told length', () =>
  at(
    () => ({ status: 200, headers: { 'content-length': 4000 }, body: file }),
    async ({ to, get }) => {
      assert.match(left(await get()).what, /the file was deleted/)
      isNothing(to)
    },
  ))

test('refuses at once a file that is told to be too large', () =>
  at(
    () => ({ status: 200, headers: { 'content-length': 10 ** 14 }, end: 'stall' }),
    async ({ to, get }) => {
      assert.match(left(await get()).what, /100000000000000 bytes or more, where 10000/)
      isNothing(to)
    },
  ))

test('stops reading a body of untold length that grows too large', () =>
  at(
    () => ({
      status: 200,
      headers: { 'transfer-encoding': 'chunked' },
      body: new TextEncoder().encode(`5000\r\n${'x'.repeat(0x5000)}\r\n`),
      end: 'stall',
    }),
    async ({ to, get }) => {
      assert.match(left(await get()).what, /bytes or more, where 10000 are expected/)
      isNothing(to)
    },
  ))

test('says where it cannot write', () =>
  at(
    asked => ranged(file, asked),
    async ({ to, get }) => {
      right(await get())
      const { what, exit } = left(await get({ to: join(to, 'below-a-file') }))
      assert.match(what, /cannot write/)
      assert.is(exit, 1)
    },
  ))

test.run()
