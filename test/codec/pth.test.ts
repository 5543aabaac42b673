// .pth files: PyTorch's own, our tiny writer's, and hostile ones.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { bytesOf, bytesPer, isDtype, type NumberArray } from '../../src/codec/number-array.ts'
import { decodePth, looksLikePth } from '../../src/codec/pth.ts'
import { weightsOf } from '../../src/codec/weights.ts'
import { arrays, damaged } from '../support/arrays.ts'
import { left, right } from '../support/either.ts'
import * as p from '../support/pth.ts'

const golden = join(import.meta.dir, '..', 'golden')
const bytesAt = (file: string): Uint8Array => new Uint8Array(readFileSync(join(golden, file)))

interface Expected {
  readonly shape: ReadonlyArray<number>
  readonly values: ReadonlyArray<number>
}

const expected: Readonly<Record<string, Readonly<Record<string, Expected>>>> = JSON.parse(
  readFileSync(join(golden, 'pth.json'), 'utf8'),
)

const files = suite('.pth by PyTorch')

for (const [file, tensors] of Object.entries(expected)) {
  files(`${file} holds what PyTorch put in`, async () => {
    const bytes = bytesAt(file)
    assert.ok(looksLikePth(bytes))
    const found = right(weightsOf(right(await decodePth(bytes, file)()), file))
    assert.equal([...found.keys()], Object.keys(tensors))
    for (const [name, { shape, values }] of Object.entries(tensors)) {
      assert.equal(found.get(name)?.shape, shape, name)
      assert.equal(found.get(name)?.data, Float32Array.from(values), name)
    }
  })
}

files.run()

const made = suite('.pth by hand')

const floats = bytesOf(Float32Array.of(1, 2, 3, 4, 5, 6))
const whole: p.Told = { count: 6, shape: [2, 3], stride: [3, 1] }
const decode = (bytes: Uint8Array) => decodePth(bytes, 'x.pth')()
const wrongOf = async (bytes: Uint8Array): Promise<string> => left(await decode(bytes)).what

const rowMajor = (shape: ReadonlyArray<number>): ReadonlyArray<number> =>
  shape.map((_, i) => shape.slice(i + 1).reduce((n, s) => n * s, 1))

const types = Object.keys(p.storageNames).filter(isDtype)

const told = ({ dtype, shape, bytes }: NumberArray): p.Told => ({
  type: p.storageNames[dtype] ?? '',
  count: bytes.length / bytesPer[dtype],
  shape,
  stride: rowMajor(shape),
})

const bothForms = (array: NumberArray): ReadonlyArray<Uint8Array> => {
  const value = p.ordered({ w: p.tensor(told(array)) })
  return [
    p.zipPth(value, { 0: array.bytes }),
    p.zipPth(value, { 0: array.bytes }, { level: 9 }),
    p.legacyPth(value, [['0', told(array).count, array.bytes]]),
  ]
}

made('give back arrays of every type, in both forms, stored and deflated', async () => {
  await fc.assert(
    fc.asyncProperty(arrays(...types), async array => {
      for (const bytes of bothForms(array)) {
        assert.equal([...right(await decode(bytes))], [['w', array]])
      }
    }),
    { numRuns: 60 },
  )
})

made('give views of one storage, and views in any order of axes', async () => {
  const value = p.dict({
    row: p.tensor({ count: 6, offset: 3, shape: [3], stride: [1] }),
    turned: p.tensor({ count: 6, shape: [3, 2], stride: [1, 3] }),
    again: p.tensor({ count: 6, shape: [2, 2], stride: [0, 5] }),
  })
  const found = right(weightsOf(right(await decode(p.zipPth(value, { 0: floats }))), 'x'))
  assert.equal(
    Array.from(found.values(), ({ data }) => [...data]),
    [
      [4, 5, 6],
      [1, 4, 2, 5, 3, 6],
      [1, 6, 1, 6],
    ],
  )
})

made('of the older form may name a part of a storage', async () => {
  const part = p.tuple(p.text('7'), p.whole(2), p.whole(3))
  const value = p.dict({ w: p.tensor({ count: 6, shape: [3], stride: [1], part }) })
  const found = right(await decode(p.legacyPth(value, [['0', 6, floats]])))
  assert.equal(found.get('w')?.bytes, floats.subarray(8, 20))
  const past = p.dict({ w: p.tensor({ count: 6, shape: [5], stride: [1], part }) })
  assert.match(await wrongOf(p.legacyPth(past, [['0', 6, floats]])), /reaches element 7/)
})

made('of a big-endian machine are turned round', async () => {
  const turned = floats.slice()
  for (let i = 0; i < turned.length; i += 4) turned.subarray(i, i + 4).reverse()
  const others = { 'archive/byteorder': new TextEncoder().encode('big') }
  const value = p.dict({ w: p.tensor(whole) })
  const found = right(await decode(p.zipPth(value, { 0: turned }, { others })))
  assert.equal(found.get('w')?.bytes, floats)
  assert.match(await wrongOf(p.legacyPth(value, [['0', 6, floats]], false)), /big-endian/)
  const odd = { 'archive/byteorder': new TextEncoder().encode('middle') }
  assert.match(await wrongOf(p.zipPth(value, { 0: floats }, { others: odd })), /'middle'/)
})

made('may keep the weights under a usual name, and much else beside', async () => {
  for (const home of ['state_dict', 'model', 'net', 'model_state_dict']) {
    const value = p.dict({
      epoch: p.whole(3),
      other: p.tensor(whole),
      [home]: p.ordered({ sub: p.dict({ w: p.tensor(whole), name: p.text('x') }) }),
    })
    assert.equal([...right(await decode(p.zipPth(value, { 0: floats }))).keys()], ['sub.w'], home)
  }
})

made('take any damage as a fault or as arrays that fit their shapes', async () => {
  const names = Object.keys(expected).map(bytesAt)
  const whole = fc.oneof(
    arrays(...types).chain(array => fc.constantFrom(...bothForms(array))),
    fc.constantFrom(...names),
  )
  await fc.assert(
    fc.asyncProperty(whole.chain(damaged), async bytes => {
      const decoded = await pipe(
        decodePth(bytes, 'x'),
        TE.chainEitherK(found => weightsOf(found, 'x')),
      )()
      if (E.isLeft(decoded)) return
      for (const { shape, data } of decoded.right.values()) {
        assert.is(
          data.length,
          shape.reduce((n, s) => n * s, 1),
        )
      }
    }),
    { numRuns: 1500 },
  )
})

made.run()
