// Downloads: whole, resumed, stale, stopped, given up; whole files or clear faults, never anything else.
import { existsSync, writeFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { partOf } from '../../src/data/download.ts'
import { at, file, isNothing, isWhole, range, sha256 } from '../support/downloads.ts'
import { left, right } from '../support/either.ts'
import { ranged } from '../support/http.ts'

const test = suite('download')

test('fetches a file whole, tells its progress, and does not fetch it again', () =>
  at(
    asked => ranged(file, asked),
    async ({ server, to, get }) => {
      const heard: Array<readonly [number, number | null]> = []
      const onProgress = (done: number, total: number | null) => heard.push([done, total])
      assert.is(right(await get({ onProgress })), 'fetched')
      isWhole(to)
      assert.equal(heard.at(-1), [5000, 5000])
      assert.is(right(await get()), 'present')
      assert.is(server.asked.length, 1)
      assert.is(server.asked[0]?.path, '/models/net')
    },
  ))

test('fetches again what is there with another hash, and keeps it until the new one is whole', () =>
  at(
    (asked, before) => (before === 0 ? { status: 404 } : ranged(file, asked)),
    async ({ to, get }) => {
      right(await get({ sha256: null }).then(() => get({ sha256: null })))
      writeFileSync(to, 'old')
      assert.is(right(await get()), 'fetched')
      isWhole(to)
    },
  ))

test('goes on where a cut connection stopped', () =>
  at(
    ({ from }) =>
      from === 0
        ? {
            status: 200,
            headers: { 'content-length': 5000 },
            body: file.subarray(0, 2000),
            end: 'cut',
          }
        : range(file.subarray(from, from + 2000), from),
    async ({ server, to, get }) => {
      const troubles: Array<string> = []
      assert.is(right(await get({ onTrouble: ({ what }) => troubles.push(what) })), 'fetched')
      isWhole(to)
      assert.equal(
        server.asked.map(({ from }) => from),
        [0, 2000, 4000],
      )
      assert.is(troubles.length, 2)
    },
  ))

test('begins anew where the server knows no ranges', () =>
  at(
    (_asked, before) =>
      before === 0
        ? {
            status: 200,
            headers: { 'content-length': 5000 },
            body: file.subarray(0, 2000),
            end: 'cut',
          }
        : { status: 200, body: file },
    async ({ to, get }) => {
      right(await get())
      isWhole(to)
    },
  ))

test('resumes the part that an earlier run left', () =>
  at(
    asked => ranged(file, asked),
    async ({ server, to, get }) => {
      let pieces = 0
      assert.is(right(await get({ isStopped: () => pieces++ > 0 })), 'stopped')
      assert.not(existsSync(to))
      writeFileSync(partOf(to), file.subarray(0, 1234))
      assert.is(right(await get()), 'fetched')
      isWhole(to)
      assert.is(server.asked.at(-1)?.from, 1234)
    },
  ))

test('takes a part that is whole already', () =>
  at(
    asked => ranged(file, asked),
    async ({ to, get }) => {
      left(await get({ most: 10 }))
      writeFileSync(partOf(to), file)
      right(await get())
      isWhole(to)
    },
  ))

for (const length of [100, 5000, 6000]) {
  test(`throws away ${length} bytes of another file that lie there as a part`, () =>
    at(
      asked => ranged(file, asked),
      async ({ to, get }) => {
        left(await get({ most: 10 }))
        writeFileSync(partOf(to), new Uint8Array(length).fill(1))
        right(await get())
        isWhole(to)
      },
    ))
}

test('deletes a file whose hash is not that in its name', () =>
  at(
    asked => ranged(file, asked),
    async ({ server, to, get }) => {
      const { what, exit } = left(await get({ sha256: 'deadbeef' }))
      assert.match(what, new RegExp(`begins with ${sha256}, not deadbeef; the file was deleted`))
      assert.is(exit, 2)
      assert.is(server.asked.length, 1)
      isNothing(to)
    },
  ))

test('gives up on a connection that is cut without end', () =>
  at(
    () => ({ status: 200, headers: { 'content-length': 5000 }, end: 'cut' }),
    async ({ server, get }) => {
      const { exit } = left(await get({ tries: 3 }))
      assert.is(exit, 1)
      assert.is(server.asked.length, 3)
    },
  ))

test('gives up on a server that falls silent', () =>
  at(
    () => ({
      status: 200,
      headers: { 'content-length': 5000 },
      body: file.subarray(0, 9),
      end: 'stall',
    }),
    async ({ server, get }) => {
      left(await get({ tries: 2, patience: 200 }))
      assert.is(server.asked.length, 2)
    },
  ))

test.run()
