// .npy: round trips, NumPy's own bytes, Fortran order, damage.
import { spawnSync } from 'node:child_process'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { decodeNpy, encodeNpy, looksLikeNpy, parseNpyHeader } from '../../src/codec/npy.ts'
import { float32Array, integersOf } from '../../src/codec/number-array.ts'
import { arrays, damaged, dtypes } from '../support/arrays.ts'
import { left, right } from '../support/either.ts'

const test = suite('npy')

const numpyTypes = dtypes.filter(dtype => dtype !== 'BF16')

/** A .npy file with the given header dictionary. */
const file = (dictionary: string, values: number, version = 1): Uint8Array => {
  const head = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]
  const length = version === 1 ? [dictionary.length & 255, dictionary.length >> 8] : []
  const wide = version === 1 ? [] : [dictionary.length & 255, dictionary.length >> 8, 0, 0]
  const bytes = new Uint8Array(
    head.length + length.length + wide.length + dictionary.length + values,
  )
  bytes.set([...head, ...length, ...wide])
  bytes.set(new TextEncoder().encode(dictionary), head.length + length.length + wide.length)
  return bytes
}

const dictionary = (descr: string, order = 'False', shape = '2,') =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${shape}), }`

test('decodes what it encoded', () => {
  fc.assert(
    fc.property(arrays(...numpyTypes), array => {
      assert.equal(
        right(
          pipe(
            encodeNpy(array),
            E.chain(bytes => decodeNpy(bytes, 'x')),
          ),
        ),
        array,
      )
    }),
  )
})

test('begins the data at a multiple of 64', () => {
  const bytes = right(encodeNpy(float32Array(Float32Array.of(1, 2), [2])))
  assert.is((bytes.length - 8) % 64, 0)
  assert.ok(looksLikeNpy(bytes))
})

test('reads versions 1, 2 and 3, keys in any order, and both quotes', () => {
  for (const version of [1, 2, 3]) {
    assert.equal(right(decodeNpy(file(dictionary('<f4'), 8, version), 'x')).shape, [2])
  }
  const other = `{"shape":(1, 2),"fortran_order":True,"descr":"|u1"}`
  assert.equal(right(decodeNpy(file(other, 2), 'x')).shape, [1, 2])
})

test('puts Fortran order right', () => {
  const bytes = file(dictionary('<i2', 'True', '2, 3'), 12)
  bytes.set([0, 0, 10, 0, 1, 0, 11, 0, 2, 0, 12, 0], bytes.length - 12)
  const array = right(decodeNpy(bytes, 'x'))
  assert.equal(right(integersOf(array, 'x')), Float64Array.of(0, 1, 2, 10, 11, 12))
})

const refusals: ReadonlyArray<readonly [string, Uint8Array, RegExp]> = [
  ['big-endian values', file(dictionary('>f4'), 8), /big-endian/],
  ['complex values', file(dictionary('<c8'), 16), /dtype '<c8'/],
  ['text', file(dictionary('<U4'), 32), /dtype '<U4'/],
  ['objects', file(dictionary('|O'), 16), /dtype '\|O'/],
  [
    'structures',
    file(`{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}`, 8),
    /struct/,
  ],
  ['a truncated file', file(dictionary('<f4'), 7), /truncated/],
  ['a file that is too long', file(dictionary('<f4'), 9), /too long/],
  ['a version to come', file(dictionary('<f4'), 8, 4), /version 4/],
  ['an endless shape', file(dictionary('<f4', 'False', '9999999999, 9999999999'), 8), /too large/],
  ['a negative shape', file(dictionary('<f4', 'False', '-2,'), 8), /header/],
  ['a header that is no dictionary', file('hello', 8), /header/],
  ['another file', new TextEncoder().encode('a,b,c'), /not a \.npy file/],
  ['an empty file', new Uint8Array(0), /not a \.npy file/],
]

for (const [name, bytes, what] of refusals) {
  test(`refuses ${name}`, () => {
    assert.match(left(decodeNpy(bytes, 'x.npy')).what, what)
  })
}

test('refuses a header of more than a megabyte without reading it', () => {
  const bytes = file(dictionary('<f4'), 8, 2)
  bytes.set([255, 255, 255, 127], 8)
  assert.match(left(parseNpyHeader(bytes, 'x')).what, /header of 2147483647 bytes/)
})

test('refuses to encode bfloat16', () => {
  left(encodeNpy({ dtype: 'BF16', shape: [1], bytes: new Uint8Array(2) }))
})

test('takes any damage to a file as a fault or an array that fits its shape', () => {
  const whole = arrays(...numpyTypes).chain(array => damaged(right(encodeNpy(array))))
  fc.assert(
    fc.property(whole, bytes => {
      const decoded = decodeNpy(bytes, 'x')
      if (E.isRight(decoded)) assert.ok(decoded.right.bytes.length <= bytes.length)
    }),
    { numRuns: 500 },
  )
})

test('is read by NumPy, where there is one', () => {
  const python = 'import sys, io, numpy; print(numpy.load(io.BytesIO(sys.stdin.buffer.read())))'
  const array = float32Array(Float32Array.of(1, 2, 3, 4), [2, 2])
  const run = spawnSync('python3', ['-c', python], { input: right(encodeNpy(array)) })
  if (run.status === 0)
    assert.is(String(run.stdout).replace(/\s+/g, ' ').trim(), '[[1. 2.] [3. 4.]]')
  else console.log('skipped: no python3 with numpy')
})

test.run()
