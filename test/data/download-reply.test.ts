// What a server may answer: statuses, redirects, and other parts or versions than were asked.
import { readFileSync, writeFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { partOf } from '../../src/data/download.ts'
import type { Transport } from '../../src/data/transport.ts'
import { at, file, isNothing, isWhole, range } from '../support/downloads.ts'
import { left, right } from '../support/either.ts'
import { type Answer, ranged } from '../support/http.ts'

const test = suite('the reply to a download')

test('asks for the rest of the same version only', () =>
  at(
    (_asked, before) => {
      if (before > 0) return { status: 200, body: file, headers: { etag: '"b"' } }
      const headers = { 'content-length': 5000, etag: '"a"' }
      return { status: 200, headers, body: new Uint8Array(3000), end: 'cut' }
    },
    async ({ server, to, get }) => {
      right(await get())
      isWhole(to)
      assert.equal(
        server.asked.map(({ headers }) => [headers.range, headers['if-range']]),
        [
          [undefined, undefined],
          ['bytes=3000-', '"a"'],
        ],
      )
    },
  ))

test('begins anew where the server sends another part than was asked', () =>
  at(
    ({ from }) => (from === 0 ? { status: 200, body: file } : range(file.subarray(17), 17)),
    async ({ server, to, get }) => {
      left(await get({ most: 10 }))
      writeFileSync(partOf(to), file.subarray(0, 100))
      right(await get())
      isWhole(to)
      assert.equal(server.asked.map(({ from }) => from).slice(1), [100, 0])
    },
  ))

test('says at once where there is no such file, and keeps the part', () =>
  at(
    () => ({ status: 404, body: file }),
    async ({ server, to, get }) => {
      const { what, where, exit } = left(await get())
      assert.match(what, /no such file \(404\)/)
      assert.is(where, `${server.url}/models/net`)
      assert.is(exit, 2)
      isNothing(to)
      writeFileSync(partOf(to), 'begun')
      left(await get())
      assert.is(readFileSync(partOf(to), 'utf8'), 'begun')
      assert.is(server.asked.length, 2)
    },
  ))

test('tries again while the server is busy, a few times', () =>
  at(
    (asked, before) => (before < 3 ? { status: 503 } : ranged(file, asked)),
    async ({ server, to, get }) => {
      left(await get({ tries: 2 }))
      assert.is(server.asked.length, 2)
      right(await get())
      isWhole(to)
    },
  ))

const redirect = (location: string): Answer => ({ status: 302, headers: { location } })

test('follows redirects, relative ones too, and asks there for the rest', () =>
  at(
    asked => {
      if (asked.path === '/models/net') return redirect('../cdn/a')
      if (asked.path === '/cdn/a') return redirect('/cdn/b?x=1')
      return asked.path === '/cdn/b?x=1' ? ranged(file, asked) : { status: 404 }
    },
    async ({ server, to, get }) => {
      left(await get({ most: 10 }))
      writeFileSync(partOf(to), file.subarray(0, 10))
      right(await get())
      isWhole(to)
      assert.is(server.asked.at(-1)?.from, 10)
    },
  ))

const lost: ReadonlyArray<readonly [string, string, RegExp]> = [
  ['in a circle', '/models/net', /more than 5 redirects/],
  ['to a file', 'file:///etc/passwd', /redirected to file:/],
  ['to nowhere', 'http://', /redirected to nowhere/],
]

for (const [name, location, what] of lost) {
  test(`follows no redirect ${name}`, () =>
    at(
      () => redirect(location),
      async ({ to, get }) => {
        assert.match(left(await get()).what, what)
        isNothing(to)
      },
    ))
}

test('follows no redirect from https to http', () =>
  at(
    () => ({ status: 500 }),
    async ({ to, get }) => {
      const asked: Array<string> = []
      const transport: Transport = async url => {
        asked.push(url)
        const header = (name: string) => (name === 'location' ? 'http://a.test/net' : null)
        return { status: 301, header, body: new Blob([]).stream(), close: () => undefined }
      }
      const got = await get({ url: 'https://a.test/net', transport })
      assert.match(left(got).what, /redirected to a\.test without https/)
      assert.equal(asked, ['https://a.test/net'])
      isNothing(to)
    },
  ))

test.run()
