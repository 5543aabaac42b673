// .pth files that lie, bomb, or ask for more than data: a fault each, that says what it was.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { bytesOf } from '../../src/codec/number-array.ts'
import { decodePth } from '../../src/codec/pth.ts'
import { left } from '../support/either.ts'
import * as p from '../support/pth.ts'

const made = suite('hostile .pth')

const floats = bytesOf(Float32Array.of(1, 2, 3, 4, 5, 6))
const whole: p.Told = { count: 6, shape: [2, 3], stride: [3, 1] }
const decode = (bytes: Uint8Array) => decodePth(bytes, 'x.pth')()
const wrongOf = async (bytes: Uint8Array): Promise<string> => left(await decode(bytes)).what

const honest = p.dict({ w: p.tensor(whole) })
const lie = (change: Partial<p.Told>): p.Code => p.dict({ w: p.tensor({ ...whole, ...change }) })
const zipped = (value: p.Code): Uint8Array => p.zipPth(value, { 0: floats })
const deep = (n: number): p.Code => (n === 0 ? p.tensor(whole) : p.dict({ d: deep(n - 1) }))
// A dict of itself a thousand million times over: each level holds the one below ten times, by reference.
const laughs: p.Code = [
  ...[0x7d, 0x71, 0],
  ...Array.from({ length: 9 }, (_, level) => [
    ...[0x7d, 0x28],
    ...Array.from({ length: 10 }, (_, i) => [...p.text(`${i}`), 0x68, level]).flat(),
    ...[0x75, 0x71, level + 1],
  ]).flat(),
]
const wideOpen = new Uint8Array(50 * 2 ** 20)

const hostile: ReadonlyArray<readonly [string, () => Uint8Array, RegExp]> = [
  [
    'a call of os.system',
    () => zipped(p.call('os', 'system', p.text('echo'))),
    /asks for 'os\.system', which is not allowed/,
  ],
  [
    'a call of eval beside honest tensors',
    () => zipped(p.dict({ w: p.tensor(whole), x: p.call('builtins', 'eval', p.text('1')) })),
    /'builtins\.eval'/,
  ],
  [
    'a global by STACK_GLOBAL',
    () => zipped([...p.text('posix'), ...p.text('system'), 0x93]),
    /'posix\.system'/,
  ],
  [
    'a call of os.system in the older form',
    () => p.legacyPth(p.call('os', 'system', p.text('echo')), []),
    /'os\.system'/,
  ],
  ['a class of its own', () => zipped(p.call('net', 'ResNet')), /'net\.ResNet'/],
  ['an attribute of torch', () => zipped(p.call('torch', 'load', p.text('x'))), /'torch\.load'/],
  ['a tensor past the end of its storage', () => zipped(lie({ offset: 1 })), /reaches element 7/],
  ['a storage longer than its file', () => zipped(lie({ count: 9 })), /24 bytes, not 36/],
  ['a negative offset', () => zipped(lie({ offset: -1 })), /offset -1/],
  ['a negative size', () => zipped(lie({ shape: [-2, 3] })), /shape \[-2, 3\]/],
  ['a negative stride', () => zipped(lie({ stride: [-3, 1] })), /strides \[-3, 1\]/],
  ['strides past 2^53', () => zipped(lie({ stride: [2 ** 53 - 1, 2 ** 53 - 1] })), /past|reaches/],
  ['a size past 2^53', () => zipped(lie({ shape: [2 ** 53 - 1, 9], stride: [0, 0] })), /repeat/],
  ['too few strides', () => zipped(lie({ stride: [1] })), /2 sizes and 1 strides/],
  ['a negative count', () => zipped(lie({ count: -1 })), /malformed/],
  ['a number repeated without end', () => zipped(lie({ shape: [10 ** 9], stride: [0] })), /repeat/],
  ['a storage that is not there', () => zipped(lie({ key: '1' })), /'1' is missing/],
  ['a storage outside of the archive', () => zipped(lie({ key: '../../x' })), /missing/],
  ['a storage of complex numbers', () => zipped(lie({ type: 'ComplexFloatStorage' })), /Complex/],
  ['dicts within dicts', () => zipped(deep(40)), /without end/],
  ['dicts that hold one another', () => zipped(laughs), /too many values/],
  ['a dict that holds itself', () => zipped([0x7d, 0x71, 0, ...p.text('a'), 0x68, 0, 0x73]), /end/],
  ['no tensors', () => zipped(p.dict({ epoch: p.whole(1) })), /no tensors/],
  ['a list', () => zipped(p.list(p.tensor(whole))), /no state dict/],
  [
    'another zip',
    () => p.zipPth(honest, {}, { others: { 'b/data.pkl': floats } }),
    /no checkpoint/,
  ],
  [
    'a zip bomb among the storages',
    () => p.zipPth(lie({ count: wideOpen.length / 4 }), { 0: wideOpen }, { level: 9 }),
    /inflates to more/,
  ],
  [
    'a storage that the older form does not name',
    () => p.legacyPth(honest, [['1', 6, floats]]),
    /no tensor names/,
  ],
  [
    'a storage that the older form cuts off',
    () => p.legacyPth(honest, [['0', 6, floats.subarray(0, 20)]]),
    /past the end/,
  ],
  [
    'a storage of another length in the older form',
    () => p.legacyPth(honest, [['0', 2 ** 52, floats]]),
    /elements, not 6/,
  ],
]

for (const [what, bytes, said] of hostile) {
  made(`refuse ${what}`, async () => {
    assert.match(await wrongOf(bytes()), said)
  })
}

made('say how to save weights that are read', async () => {
  const { mend, where, exit } = left(await decode(zipped(p.call('os', 'system'))))
  assert.match(mend, /torch\.save\(model\.state_dict\(\), path\)/)
  assert.is(where, 'x.pth')
  assert.is(exit, 2)
})

made('have a directory that may lie about sizes', async () => {
  const bytes = p.zipPth(honest, { 0: floats }, { level: 9 })
  const view = new DataView(bytes.buffer)
  for (let at = 0; at + 46 < bytes.length; at++) {
    if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 2 ** 31, true)
  }
  assert.match(await wrongOf(bytes), /claims 2147483648 bytes/)
})

made.run()
