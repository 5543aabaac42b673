// PyTorch's older .pth: five pickles one after the other, then every storage behind its count of elements.
import * as E from 'fp-ts/Either'
import { bytesPer } from './number-array.ts'
import { decodePickle, type Pickle } from './pickle.ts'
import { isTagged, type PickleValue } from './pickle-value.ts'
import { type StorageRef, storageOf } from './pth-tensors.ts'
import { allowsGlobal } from './torch-globals.ts'

/** A checkpoint taken apart: its object, the bytes of each storage by key, and their byte order. */
export interface PthParts {
  readonly value: PickleValue
  readonly storages: ReadonlyMap<string, Uint8Array>
  readonly bigEndian: boolean
}

const magic = 119547037146038801333356n
const protocol = 1001

const opening = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]

/** True where the bytes begin like a .pth of PyTorch before 1.6. */
export const looksLikeLegacyPth = (bytes: Uint8Array): boolean =>
  opening.every((byte, at) => bytes[at] === byte)

const pickles = (bytes: Uint8Array, n: number): E.Either<string, ReadonlyArray<Pickle>> => {
  const all: Array<Pickle> = []
  let at = 0
  for (let i = 0; i < n; i++) {
    const next = decodePickle(bytes.subarray(at), allowsGlobal)
    if (E.isLeft(next)) return next
    at += next.right.end
    all.push({ ...next.right, end: at })
  }
  return E.right(all)
}

const saysBigEndian = (value: PickleValue): boolean =>
  isTagged(value, 'Dict') &&
  value.entries.some(([key, is]) => key === 'little_endian' && is === false)

const refsOf = (
  persistents: ReadonlyArray<PickleValue>,
): E.Either<string, ReadonlyMap<string, StorageRef>> => {
  const refs = new Map<string, StorageRef>()
  for (const id of persistents) {
    const ref = storageOf(id)
    if (E.isLeft(ref)) return ref
    const { key, dtype, count } = ref.right
    const known = refs.get(key) ?? ref.right
    if (known.dtype !== dtype || known.count !== count) {
      return E.left(`storage '${key}' is of two sizes`)
    }
    refs.set(key, known)
  }
  return E.right(refs)
}

// Each storage: its number of elements as 8 bytes, then the elements.
const readStorages = (
  bytes: Uint8Array,
  start: number,
  keys: ReadonlyArray<PickleValue>,
  refs: ReadonlyMap<string, StorageRef>,
): E.Either<string, ReadonlyMap<string, Uint8Array>> => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const storages = new Map<string, Uint8Array>()
  let at = start
  for (const key of keys) {
    const ref = typeof key === 'string' ? refs.get(key) : undefined
    if (ref === undefined) return E.left('it holds a storage that no tensor names')
    if (at + 8 > bytes.length) return E.left(`the file ends before storage '${ref.key}'`)
    const count = Number(view.getBigInt64(at, true))
    if (count !== ref.count) {
      return E.left(`storage '${ref.key}' has ${count} elements, not ${ref.count}`)
    }
    const end = at + 8 + count * bytesPer[ref.dtype]
    if (end > bytes.length) return E.left(`storage '${ref.key}' ends past the end of the file`)
    storages.set(ref.key, bytes.subarray(at + 8, end))
    at = end
  }
  return E.right(storages)
}

/** Takes a .pth of the older form apart. Left says what is wrong. */
export const legacyParts = (bytes: Uint8Array): E.Either<string, PthParts> => {
  const read = pickles(bytes, 5)
  if (E.isLeft(read)) return read
  const [first, second, system, object, keys] = read.right
  if (first?.value !== magic || second?.value !== protocol) {
    return E.left('it does not begin like a checkpoint of PyTorch')
  }
  if (system === undefined || object === undefined || !isTagged(keys?.value, 'List')) {
    return E.left('it has no list of storages')
  }
  if (saysBigEndian(system.value)) return E.left('it was written on a big-endian machine')
  const refs = refsOf(object.persistents)
  if (E.isLeft(refs)) return refs
  return E.map((storages: ReadonlyMap<string, Uint8Array>) => ({
    value: object.value,
    storages,
    bigEndian: false,
  }))(readStorages(bytes, keys.end, keys.value.items, refs.right))
}
