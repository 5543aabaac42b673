// Tar archives: where files lie, and archives that are damaged or mean harm.
import * as E from 'fp-ts/Either'
import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type TarPlace, tarPlaces } from '../../src/codec/tar.ts'
import { type Fault, fault, showFault } from '../../src/core/fault.ts'
import { left, right } from '../support/either.ts'
import { type TarEntry, tarOf } from '../support/image-files.ts'

const test = suite('tar archives')

const places = (bytes: Uint8Array): E.Either<Fault, ReadonlyMap<string, TarPlace>> =>
  tarPlaces({
    where: 'a.tar',
    size: bytes.length,
    read: (offset, size) =>
      offset + size <= bytes.length
        ? E.right(bytes.subarray(offset, offset + size))
        : E.left(fault('past the end', 'a.tar', '')),
  })

const text = (s: string): Uint8Array => new TextEncoder().encode(s)

const paxOf = (key: string, value: string): Uint8Array => {
  const rest = ` ${key}=${value}\n`
  const length = [1, 2, 3].map(n => n + rest.length).find((n, i) => String(n).length === i + 1)
  return text(`${length}${rest}`)
}

test('tell where each file lies, folders passed over', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}(\/[a-z]{1,8}){0,3}\.png$/), {
        maxLength: 6,
        minLength: 1,
      }),
      fc.uint8Array({ maxLength: 1500 }),
      (paths, content) => {
        const archive = tarOf([
          { path: 'folder/', type: 'Directory' },
          ...paths.map((path, i) => ({ path: `./${path}`, content: content.subarray(i) })),
        ])
        const found = right(places(archive))
        assert.equal([...found.keys()], paths)
        paths.forEach((path, i) => {
          const { offset, size } = found.get(path) ?? { offset: 0, size: 0 }
          assert.equal([...archive.subarray(offset, offset + size)], [...content.subarray(i)])
        })
      },
    ),
  )
})

test('take long paths from extended headers, GNU and pax, for the next entry only', () => {
  const long = `${'d'.repeat(150)}/${'f'.repeat(150)}.jpg`
  const found = right(
    places(
      tarOf([
        { path: '././@LongLink', type: 'NextFileHasLongPath', content: text(`${long}\0`) },
        { path: 'x', content: text('one') },
        { path: 'pax', type: 'ExtendedHeader', content: paxOf('path', `p${long.slice(0, 70)}`) },
        { path: 'y', content: text('two') },
        { path: 'z', content: text('three') },
      ]),
    ),
  )
  assert.equal([...found.keys()], [long, `p${long.slice(0, 70)}`, 'z'])
})

const hostile: ReadonlyArray<readonly [string, ReadonlyArray<TarEntry>, RegExp]> = [
  ['.. in a path', [{ path: 'a/../../etc/x.png' }], /holds the path 'a\/\.\.\/\.\.\/etc\/x\.png'/],
  ['an absolute path', [{ path: '/etc/x.png' }], /holds the path '\/etc\/x\.png', which leads out/],
  ['a drive', [{ path: 'C:\\x.png' }], /which leads out of it/],
  ['a backslash path', [{ path: '..\\x.png' }], /which leads out of it/],
  ['a link', [{ path: 'a/x.png', type: 'SymbolicLink' }], /holds 'a\/x\.png', a SymbolicLink/],
  ['a hard link', [{ path: 'a/x.png', type: 'Link' }], /a Link and no file/],
  ['a pipe', [{ path: 'a/x.png', type: 'FIFO' }], /a FIFO and no file/],
  ['a file past the end', [{ path: 'a.png', size: 1e9 }], /the file is truncated/],
  [
    'an extended header of 2 MiB',
    [{ path: 'p', type: 'ExtendedHeader', content: new Uint8Array(2 ** 21) }],
    /a header of 2097152 bytes/,
  ],
  [
    'an extended header that says 8 GiB',
    [{ path: 'p', type: 'GlobalExtendedHeader', size: 2 ** 33 - 1 }],
    /the file is truncated/,
  ],
  [
    'a size from pax past the end',
    [
      { path: 'p', type: 'ExtendedHeader', content: paxOf('size', '1e30') },
      { path: 'a.png', content: text('one') },
    ],
    /the file is truncated/,
  ],
  [
    'a path from pax that leads out',
    [
      { path: 'p', type: 'ExtendedHeader', content: paxOf('path', '../../x.png') },
      { path: 'a.png', content: text('one') },
    ],
    /which leads out of it/,
  ],
  ['no entries', [], /no tar archive, or an empty one/],
]

for (const [name, entries, said] of hostile) {
  test(`with ${name} are refused in one line`, () => {
    const line = showFault(left(places(tarOf(entries))))
    assert.match(line, said)
    assert.match(line, /^a\.tar: /)
  })
}

test('cut short anywhere, or no archives at all, are refused or give whole files', () => {
  const archive = tarOf([
    { path: 'a.png', content: new Uint8Array(700) },
    { path: 'b.png', content: new Uint8Array(100) },
  ])
  for (const length of [0, 100, 511, 512, 600, 1100]) {
    assert.ok(E.isLeft(places(archive.subarray(0, length))), `${length}`)
  }
  assert.equal([...right(places(archive.subarray(0, 1536))).keys()], ['a.png'])
  assert.match(
    showFault(left(places(text('x'.repeat(2000))))),
    /no tar archive, or damaged at byte 0/,
  )
})

test('with bytes changed end in places within the file, or a fault', () => {
  const archive = tarOf([
    { path: 'p', type: 'ExtendedHeader', content: paxOf('path', 'c/long.png') },
    { path: 'a.png', content: new Uint8Array(700) },
    { path: 'b.png', content: new Uint8Array(100) },
  ])
  const edits = fc.array(fc.tuple(fc.nat(archive.length - 1), fc.nat(255)), { maxLength: 6 })
  fc.assert(
    fc.property(edits, changes => {
      const damaged = new Uint8Array(archive)
      for (const [at, value] of changes) damaged[at] = value
      const found = places(damaged)
      if (E.isLeft(found)) assert.not.match(showFault(found.left), /\n/)
      else {
        for (const { offset, size } of found.right.values()) {
          assert.ok(size >= 0 && offset + size <= damaged.length)
        }
      }
    }),
    { numRuns: 500 },
  )
})

test.run()
