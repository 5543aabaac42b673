// fast-check arbitraries of arrays as files hold them, and of damage to a file's bytes.
import fc from 'fast-check'
import {
  bytesPer,
  type Dtype,
  elements,
  isDtype,
  type NumberArray,
} from '../../src/codec/number-array.ts'

/** Every element type. */
export const dtypes: ReadonlyArray<Dtype> = Object.keys(bytesPer).filter(isDtype)

/** Arrays of the given types (all unless told), up to three axes, with any bits as values. */
export const arrays = (...types: ReadonlyArray<Dtype>): fc.Arbitrary<NumberArray> =>
  fc
    .tuple(
      fc.constantFrom(...(types.length > 0 ? types : dtypes)),
      fc.array(fc.nat(4), { maxLength: 3 }),
    )
    .chain(([dtype, shape]) => {
      const length = elements(shape) * bytesPer[dtype]
      return fc
        .uint8Array({ minLength: length, maxLength: length })
        .map(bytes => ({ dtype, shape, bytes }))
    })

/** Bytes with some changed, cut off, or added. */
export const damaged = (bytes: Uint8Array): fc.Arbitrary<Uint8Array> => {
  const place = fc.nat(Math.max(0, bytes.length - 1))
  const changes = fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 4 })
  return fc.oneof(
    changes.map(list => {
      const copy = new Uint8Array(bytes)
      for (const [at, byte] of list) copy[at] = byte
      return copy
    }),
    place.map(length => bytes.slice(0, length)),
    fc.uint8Array({ minLength: 1, maxLength: 9 }).map(more => {
      const longer = new Uint8Array(bytes.length + more.length)
      longer.set(bytes)
      longer.set(more, bytes.length)
      return longer
    }),
  )
}
