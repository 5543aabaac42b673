// CIFAR records: round trips, the order of pixels, and damage.
import * as E from 'fp-ts/Either'
import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  type CifarForm,
  cifarRecordBytes,
  decodeCifar,
  encodeCifar,
} from '../../src/codec/cifar.ts'
import { showFault } from '../../src/core/fault.ts'
import { left, right } from '../support/either.ts'

const test = suite('CIFAR records')

const forms: ReadonlyArray<CifarForm> = [
  { labelBytes: 1, classes: 10 },
  { labelBytes: 2, classes: 100 },
]

const recordsOf = (labels: ReadonlyArray<number>, seed: number) => ({
  labels: Uint8Array.from(labels),
  bytes: Uint8Array.from({ length: labels.length * 3072 }, (_, i) => (i * 7 + seed) % 256),
})

test('come back as they were written', () => {
  const labels = fc.array(fc.nat(9), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(fc.constantFrom(...forms), labels, fc.nat(255), (form, some, seed) => {
      const records = recordsOf(some, seed)
      const file = encodeCifar(records, form)
      assert.is(file.length, some.length * cifarRecordBytes(form))
      const read = right(decodeCifar(file, form, 'f'))
      assert.equal([...read.labels], some)
      assert.ok(Buffer.from(read.bytes).equals(records.bytes))
    }),
    { numRuns: 30 },
  )
})

test('hold red, green and blue one after the other, and the class last of the labels', () => {
  const file = new Uint8Array(3074)
  file.set([17, 42])
  file[2 + 33] = 1
  file[2 + 1024 + 33] = 2
  file[2 + 2048 + 33] = 3
  const read = right(decodeCifar(file, { labelBytes: 2, classes: 100 }, 'f'))
  assert.equal([...read.labels], [42])
  assert.equal([...read.bytes.subarray(33 * 3, 33 * 3 + 3)], [1, 2, 3])
})

test('of any length but a multiple are refused', () => {
  const file = encodeCifar(recordsOf([1, 2], 0), { labelBytes: 1, classes: 10 })
  for (const length of [0, 1, 3072, 3074, 6145]) {
    const fault = left(decodeCifar(file.subarray(0, length), { labelBytes: 1, classes: 10 }, 'b'))
    assert.is(
      showFault(fault),
      `b: ${length} bytes are no whole number of records of 3073; fetch the file again (the binary version)`,
    )
  }
})

test('with a label past the last class are refused by record', () => {
  for (const form of forms) {
    const file = encodeCifar(recordsOf([1, form.classes, 2], 0), form)
    assert.match(
      showFault(left(decodeCifar(file, form, 'b'))),
      new RegExp(`^b: label ${form.classes} in record 1; labels are 0-${form.classes - 1}`),
    )
  }
})

test('of any bytes give labels in range or a fault', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 8 }), fc.nat(3), (start, n) => {
      const file = new Uint8Array(n * 3073)
      file.set(start.subarray(0, file.length))
      const read = decodeCifar(file, { labelBytes: 1, classes: 10 }, 'f')
      assert.is(E.isRight(read), n > 0 && (start[0] ?? 0) < 10)
    }),
  )
})

test.run()
