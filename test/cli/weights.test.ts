// `collapse weights`: downloads from a mirror, refuses what is wrong, and goes on after Ctrl-C.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { assertRefused, linesOf, workplace } from '../support/cli.ts'
import { ranged, serve } from '../support/http.ts'

const test = suite('collapse weights')
const place = workplace()
const content = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 31) % 241)
const sha256 = createHash('sha256').update(content).digest('hex').slice(0, 8)
const name = `net-${sha256}.pth`

const server = await serve(asked => {
  if (asked.path === `/stalls/${name}`) {
    const headers = { 'content-length': content.length }
    return { status: 200, headers, body: content.subarray(0, 100_000), end: 'stall' }
  }
  return asked.path === '/resnet18-f37072fd.pth' || asked.path.endsWith(name)
    ? ranged(content, asked)
    : { status: 404 }
})
test.after(() => {
  server.close()
  place.remove()
})

test('gets a file by its name from a mirror, once', async () => {
  const get = () => place.run('weights', 'get', name, '--mirror', `${server.url}/`, '--out', 'a/b')
  const first = await get()
  assert.is(first.code, 0, first.stderr)
  assert.is(first.stdout, `${join('a/b', name)}: 0.3 MiB\n`)
  assert.equal(new Uint8Array(readFileSync(join(place.path, 'a/b', name))), content)
  assert.is((await get()).stdout, `${join('a/b', name)} is there already\n`)
  assert.equal(readdirSync(join(place.path, 'a/b')), [name])
})

test('puts files under the data root, and says all as JSON', async () => {
  const { code, stdout, stderr } = await place.run(
    ...['weights', 'get', name, '--mirror', server.url],
    ...['--data-root', 'root', '--json', '--quiet'],
  )
  assert.is(code, 0, stderr)
  assert.equal(JSON.parse(stdout), {
    file: name,
    path: join('root', 'weights', name),
    bytes: content.length,
    url: `${server.url}/${name}`,
    result: 'fetched',
    checked: true,
  })
})

const refusals: ReadonlyArray<readonly [string, ReadonlyArray<string>, RegExp]> = [
  ['a file that is not there', ['get', 'mobilenetv2'], /no such file \(404\).*check the name/],
  ['a file with another hash', ['get', 'resnet18'], /not f37072fd; the file was deleted/],
  [
    'an unknown name',
    ['get', 'resnet-9000'],
    /no weights are known as 'resnet-9000'; give resnet18/,
  ],
  ['a path for a name', ['get', '../x-0123abcd.pth'], /no weights are known/],
  ['no name', ['get'], /no name given/],
  ['another action', ['put'], /weights <action>: "put" given; give one of get, list/],
]

for (const [what, args, said] of refusals) {
  test(`refuses ${what}`, async () => {
    const out = join(place.path, 'refused')
    mkdirSync(out, { recursive: true })
    const ended = await place.run('weights', ...args, '--mirror', server.url, '--out', out)
    assertRefused(ended, said, out, [])
  })
}

test('refuses a mirror that is no web address', async () => {
  const { code, stderr } = await place.run('weights', 'get', 'resnet18', '--mirror', 'ftp://x')
  assert.is(code, 2)
  assert.match(stderr, /--mirror: 'ftp:\/\/x' is no web address/)
})

test('stops at Ctrl-C with exit code 130, and goes on from the part', async () => {
  const arriving = join(place.path, 'stopped', `${name}.part`)
  const args = ['weights', 'get', name, '--out', 'stopped', '--mirror']
  const started = place.start(...args, `${server.url}/stalls`)
  while (!existsSync(arriving) || readFileSync(arriving).length < 100_000) await Bun.sleep(20)
  started.signal('SIGINT')
  const { code, stderr } = await started.ended
  assert.is(code, 130)
  assert.match(linesOf(stderr).at(-1) ?? '', /the same command goes on from/)
  assert.is((await place.run(...args, server.url)).code, 0)
  assert.is(server.asked.at(-1)?.from, 100_000)
  assert.not(existsSync(arriving))
})

test('lists what it knows', async () => {
  const { code, stdout } = await place.run('weights', 'list', '--json')
  assert.is(code, 0)
  const files: ReadonlyArray<{ readonly file: string }> = JSON.parse(stdout)
  assert.ok(files.some(({ file }) => file === 'vit_b_32-d86f8d99.pth'))
  assert.is(linesOf((await place.run('weights', 'list')).stdout).length, files.length)
})

test.run()
