// A tiny writer of .pth files, both forms: pickles put together opcode by opcode, honest or not.
import { type Zippable, zipSync } from 'fflate'
import type { Dtype } from '../../src/codec/number-array.ts'

/** A piece of a pickle. */
export type Code = ReadonlyArray<number>

const bytesOfText = (text: string): Code => [...new TextEncoder().encode(text)]

const fourBytes = (n: number): Code => [n & 255, (n >> 8) & 255, (n >> 16) & 255, (n >>> 24) & 255]

/** Text. */
export const text = (value: string): Code => {
  const bytes = bytesOfText(value)
  return [0x58, ...fourBytes(bytes.length), ...bytes]
}

/** A whole number of 32 bits, or of as many bytes as it needs. */
export const whole = (value: number): Code => {
  if (Math.abs(value) < 2 ** 31) return [0x4a, ...fourBytes(value)]
  const bits = BigInt.asUintN(64, BigInt(value))
  return [0x8a, 8, ...Array.from({ length: 8 }, (_, i) => Number((bits >> BigInt(8 * i)) & 255n))]
}

/** `None`. */
export const none: Code = [0x4e]

/** A tuple. */
export const tuple = (...items: ReadonlyArray<Code>): Code => [0x28, ...items.flat(), 0x74]

/** A list. */
export const list = (...items: ReadonlyArray<Code>): Code => [0x5d, 0x28, ...items.flat(), 0x65]

/** A class or function by its name. */
export const global = (module: string, name: string): Code => [
  0x63,
  ...bytesOfText(`${module}\n${name}\n`),
]

/** The call of a class or function. */
export const call = (module: string, name: string, ...args: ReadonlyArray<Code>): Code => [
  ...global(module, name),
  ...tuple(...args),
  0x52,
]

/** A dict with texts for keys. */
export const dict = (entries: Readonly<Record<string, Code>>): Code => [
  0x7d,
  0x28,
  ...Object.entries(entries).flatMap(([key, value]) => [...text(key), ...value]),
  0x75,
]

/** An OrderedDict with texts for keys. */
export const ordered = (entries: Readonly<Record<string, Code>>): Code => [
  ...call('collections', 'OrderedDict'),
  0x28,
  ...Object.entries(entries).flatMap(([key, value]) => [...text(key), ...value]),
  0x75,
]

/** A whole pickle of protocol 2. */
export const pickle = (value: Code): Uint8Array => Uint8Array.of(0x80, 2, ...value, 0x2e)

/** PyTorch's storage class of each element type that has one. */
export const storageNames: Readonly<Partial<Record<Dtype, string>>> = {
  F64: 'DoubleStorage',
  F32: 'FloatStorage',
  F16: 'HalfStorage',
  BF16: 'BFloat16Storage',
  I64: 'LongStorage',
  I32: 'IntStorage',
  I16: 'ShortStorage',
  I8: 'CharStorage',
  U8: 'ByteStorage',
  BOOL: 'BoolStorage',
}

/** A tensor as a pickle tells it; each field may lie. */
export interface Told {
  readonly key?: string
  readonly type?: string
  readonly count: number
  readonly offset?: number
  readonly shape: ReadonlyArray<number>
  readonly stride: ReadonlyArray<number>
  /** Sixth item of the storage's id: null, or a part that begins at an element. */
  readonly part?: Code
}

/** A tensor by `_rebuild_tensor_v2`. */
export const tensor = ({ key = '0', type = 'FloatStorage', count, part, ...view }: Told): Code => {
  const id = [text('storage'), global('torch', type), text(key), text('cpu'), whole(count)]
  return call(
    'torch._utils',
    '_rebuild_tensor_v2',
    [...tuple(...id, ...(part === undefined ? [] : [part])), 0x51],
    whole(view.offset ?? 0),
    tuple(...view.shape.map(whole)),
    tuple(...view.stride.map(whole)),
    [0x89],
    call('collections', 'OrderedDict'),
  )
}

/** Storages by key. */
export type Storages = Readonly<Record<string, Uint8Array>>

/** A .pth of the zip form; `others` are further files of the zip, `level` its compression. */
export const zipPth = (
  value: Code,
  storages: Storages,
  { level = 0, others = {} }: { level?: 0 | 9; others?: Zippable } = {},
): Uint8Array => {
  const data = Object.entries(storages).map(([key, bytes]) => [`archive/data/${key}`, bytes])
  const files: Zippable = { 'archive/data.pkl': pickle(value), ...Object.fromEntries(data) }
  return zipSync({ ...files, ...others }, { level })
}

const magic: Code = [0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]

const joined = (parts: ReadonlyArray<Uint8Array>): Uint8Array =>
  new Uint8Array(Buffer.concat(parts))

const eightBytes = (n: number): Uint8Array => {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigInt64(0, BigInt(n), true)
  return bytes
}

/** A storage of the older form as it is written: its key, its number of elements, its bytes. */
export type LegacyStorage = readonly [key: string, count: number, bytes: Uint8Array]

/** A .pth of the older form. */
export const legacyPth = (
  value: Code,
  storages: ReadonlyArray<LegacyStorage>,
  littleEndian = true,
): Uint8Array =>
  joined([
    pickle(magic),
    pickle(whole(1001)),
    pickle(dict({ little_endian: [littleEndian ? 0x88 : 0x89] })),
    pickle(value),
    pickle(list(...storages.map(([key]) => text(key)))),
    ...storages.flatMap(([, count, bytes]) => [eightBytes(count), bytes]),
  ])
