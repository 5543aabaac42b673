// Downloads from a server that cuts, lies, redirects and stalls: whole files or clear faults, never anything else.
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Download, download, partOf } from '../../src/data/download.ts'
import { type Transport, transportFor } from '../../src/data/transport.ts'
import { left, right } from '../support/either.ts'
import { type Answer, type Asked, ranged, type Server, serve } from '../support/http.ts'

const test = suite('download')

const file = Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251)
const sha256 = createHash('sha256').update(file).digest('hex').slice(0, 8)

interface Place {
  readonly server: Server
  readonly to: string
  readonly get: (options?: Partial<Download>) => ReturnType<ReturnType<typeof download>>
}

const at = async (
  answer: (asked: Asked, before: number) => Answer,
  use: (place: Place) => Promise<void>,
): Promise<void> => {
  const server = await serve(answer)
  const folder = mkdtempSync(join(tmpdir(), 'collapse-test-'))
  const to = join(folder, 'sub', `net-${sha256}.pth`)
  const transport = transportFor({})
  const fixed = { url: `${server.url}/models/net`, to, sha256, most: 10_000, pause: 1, transport }
  try {
    await use({ server, to, get: options => download({ ...fixed, ...options })() })
  } finally {
    server.close()
    rmSync(folder, { recursive: true })
  }
}

const isWhole = (to: string): void => {
  assert.equal(new Uint8Array(readFileSync(to)), file)
  assert.not(existsSync(partOf(to)))
}

const isNothing = (to: string): void => {
  assert.not(existsSync(to))
  assert.not(existsSync(partOf(to)))
}

const range = (body: Uint8Array, from: number): Answer => ({
  status: 206,
  headers: { 'content-range': `bytes ${from}-4999/5000`, 'content-length': 5000 - from },
  body,
  end: 'cut',
})

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
