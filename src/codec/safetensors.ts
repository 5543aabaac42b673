// The .safetensors format as pure bytes: a JSON header of places, then the arrays.
import * as E from 'fp-ts/Either'
import * as t from 'io-ts'
import { type Fault, fault } from '../core/fault.ts'
import {
  type ArrayPlace,
  byteLength,
  bytesPer,
  elements,
  isDtype,
  type NumberArray,
  showShape,
} from './number-array.ts'

/** Room for the places of some 80,000 arrays; the format's own limit of 100 MB would cost gigabytes to parse. */
const headerLimit = 2 ** 23

const Count = t.refinement(t.number, n => Number.isSafeInteger(n) && n >= 0, 'Count')

const Entry = t.type({
  dtype: t.string,
  shape: t.readonlyArray(Count),
  data_offsets: t.tuple([Count, Count]),
})

const Metadata = t.record(t.string, t.string)

/** The header: places by name (offsets from the file's first byte) and the free-form metadata. */
export interface SafetensorsHeader {
  readonly places: ReadonlyMap<string, ArrayPlace>
  readonly metadata: Readonly<Record<string, string>>
}

const broken = (where: string, what: string): Fault =>
  fault(what, where, 'write the file again with safetensors')

/** The header's length, told by the first eight bytes of a file of `size` bytes. */
export const safetensorsHeaderLength = (
  first: Uint8Array,
  size: number,
  where: string,
): E.Either<Fault, number> => {
  if (first.length < 8 || size < 8) return E.left(broken(where, 'not a .safetensors file'))
  const view = new DataView(first.buffer, first.byteOffset, first.byteLength)
  const length = Number(view.getBigUint64(0, true))
  if (length > headerLimit) return E.left(broken(where, 'not a .safetensors file'))
  return length > size - 8
    ? E.left(broken(where, 'the file is truncated in its header'))
    : E.right(length)
}

const [quote, backslash, openers, closers] = [0x22, 0x5c, [0x5b, 0x7b], [0x5d, 0x7d]]

// A header nests three deep; JSON.parse takes a thousand times the memory of a text that opens brackets without end.
const nestsDeep = (json: Uint8Array): boolean => {
  let depth = 0
  let inText = false
  for (let at = 0; at < json.length && depth < 8; at++) {
    const byte = json[at] ?? 0
    if (byte === quote) inText = !inText
    else if (inText) at += byte === backslash ? 1 : 0
    else if (openers.includes(byte)) depth += 1
    else if (closers.includes(byte)) depth -= 1
  }
  return depth >= 8
}

const parseJson = (json: Uint8Array): unknown => {
  try {
    return nestsDeep(json) ? undefined : JSON.parse(new TextDecoder().decode(json))
  } catch {
    return undefined
  }
}

const placeOf = (
  name: string,
  value: unknown,
  start: number,
  where: string,
): E.Either<Fault, ArrayPlace & { readonly end: number }> => {
  const entry = Entry.decode(value)
  if (E.isLeft(entry)) return E.left(broken(where, `the header entry '${name}' is malformed`))
  const { dtype, shape, data_offsets } = entry.right
  const [from, to] = data_offsets
  if (!isDtype(dtype)) {
    return E.left(fault(`'${name}' is of type ${dtype}, not read`, where, 'save it as F32 or I64'))
  }
  if (to - from !== elements(shape) * bytesPer[dtype]) {
    const claim = `${dtype} ${showShape(shape)}`
    return E.left(broken(where, `'${name}' is ${claim} but takes ${to - from} bytes`))
  }
  return E.right({ dtype, shape, fortran: false, offset: start + from, end: start + to })
}

// In order of place, each must begin where the one before ended, and the last end the file.
const checkPlaces = (
  places: ReadonlyArray<readonly [string, ArrayPlace & { readonly end: number }]>,
  start: number,
  size: number,
  where: string,
): Fault | null => {
  let at = start
  const sorted = [...places].sort(([, a], [, b]) => a.offset - b.offset || a.end - b.end)
  for (const [name, { offset, end }] of sorted) {
    if (end > size) return broken(where, `'${name}' ends past the end: the file is truncated`)
    if (offset < at) return broken(where, `'${name}' overlaps another array`)
    if (offset > at) return broken(where, `bytes before '${name}' belong to no array`)
    at = end
  }
  return at === size ? null : broken(where, `${size - at} bytes at the end belong to no array`)
}

/** The bytes of the whole file that a JSON header belongs to, by its own claim. */
export const safetensorsSize = (json: Uint8Array, where: string): E.Either<Fault, number> => {
  const parsed = t.UnknownRecord.decode(parseJson(json))
  if (E.isLeft(parsed)) return E.left(broken(where, 'the header is not JSON'))
  let end = 0
  for (const [name, value] of Object.entries(parsed.right)) {
    const entry = Entry.decode(value)
    if (E.isRight(entry)) end = Math.max(end, entry.right.data_offsets[1])
    else if (name !== '__metadata__') {
      return E.left(broken(where, `the header entry '${name}' is malformed`))
    }
  }
  return E.right(8 + json.length + end)
}

/** Reads the JSON header `json` of a file of `size` bytes and checks every place in it. */
export const parseSafetensorsHeader = (
  json: Uint8Array,
  size: number,
  where: string,
): E.Either<Fault, SafetensorsHeader> => {
  const parsed = t.UnknownRecord.decode(parseJson(json))
  if (E.isLeft(parsed) || Array.isArray(parsed.right)) {
    return E.left(broken(where, 'the header is not JSON: not a .safetensors file'))
  }
  const start = 8 + json.length
  const places: Array<readonly [string, ArrayPlace & { readonly end: number }]> = []
  let metadata: Readonly<Record<string, string>> = {}
  for (const [name, value] of Object.entries(parsed.right)) {
    if (name === '__metadata__') {
      const found = Metadata.decode(value)
      if (E.isLeft(found)) return E.left(broken(where, 'the metadata are not all text'))
      metadata = found.right
    } else {
      const place = placeOf(name, value, start, where)
      if (E.isLeft(place)) return place
      places.push([name, place.right])
    }
  }
  const wrong = checkPlaces(places, start, size, where)
  return wrong === null ? E.right({ places: new Map(places), metadata }) : E.left(wrong)
}

/** Arrays by name, with the file's metadata. */
export interface Safetensors {
  readonly arrays: ReadonlyMap<string, NumberArray>
  readonly metadata: Readonly<Record<string, string>>
}

/** Decodes a whole .safetensors file; the arrays share its bytes. */
export const decodeSafetensors = (
  bytes: Uint8Array,
  where: string,
): E.Either<Fault, Safetensors> => {
  const length = safetensorsHeaderLength(bytes.subarray(0, 8), bytes.length, where)
  if (E.isLeft(length)) return length
  const json = bytes.subarray(8, 8 + length.right)
  return E.map(({ places, metadata }: SafetensorsHeader) => ({
    arrays: new Map(
      Array.from(places, ([name, { dtype, shape, offset }]) => {
        const end = offset + byteLength({ dtype, shape })
        return [name, { dtype, shape, bytes: bytes.subarray(offset, end) }] as const
      }),
    ),
    metadata,
  }))(parseSafetensorsHeader(json, bytes.length, where))
}

const refuse = (name: string, what: string) =>
  E.left(fault(what, `array '${name}'`, 'give bytes that fit the shape, and another name'))

/** Encodes arrays by name as .safetensors, wider types first so that each lies aligned. Left for
 * an array whose bytes do not fit its shape, or one named __metadata__. */
export const encodeSafetensors = ({
  arrays,
  metadata,
}: Safetensors): E.Either<Fault, Uint8Array> => {
  const sorted = [...arrays].sort(([, a], [, b]) => bytesPer[b.dtype] - bytesPer[a.dtype])
  const entries: Array<readonly [string, unknown]> = []
  if (Object.keys(metadata).length > 0) entries.push(['__metadata__', metadata])
  let end = 0
  for (const [name, array] of sorted) {
    if (name === '__metadata__') return refuse(name, 'a reserved name')
    if (array.bytes.length !== byteLength(array)) return refuse(name, 'bytes of another length')
    const data_offsets = [end, end + array.bytes.length]
    entries.push([name, { dtype: array.dtype, shape: array.shape, data_offsets }])
    end += array.bytes.length
  }
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)))
  const start = 8 + Math.ceil(text.length / 8) * 8
  const out = new Uint8Array(start + end)
  out.fill(0x20, 8, start)
  new DataView(out.buffer).setBigUint64(0, BigInt(start - 8), true)
  out.set(text, 8)
  let at = start
  for (const [, array] of sorted) {
    out.set(array.bytes, at)
    at += array.bytes.length
  }
  return E.right(out)
}
