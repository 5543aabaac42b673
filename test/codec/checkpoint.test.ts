// Checkpoints: bit-exact round trips, and refusals of damaged or foreign files.
import * as E from 'fp-ts/Either'
import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
  fitArrays,
  type Kept,
} from '../../src/codec/checkpoint.ts'
import { encodeSafetensors } from '../../src/codec/safetensors.ts'
import { f32 } from '../../src/core/aval.ts'
import { type Fault, showFault } from '../../src/core/fault.ts'
import { right } from '../support/either.ts'

const test = suite('checkpoints')

const kept: fc.Arbitrary<Kept> = fc
  .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 })
  .chain(shape => {
    const size = shape.reduce((n, s) => n * s, 1)
    return fc
      .float32Array({ minLength: size, maxLength: size })
      .map(data => ({ aval: f32(...shape), data }))
  })
const arrays = fc.dictionary(fc.stringMatching(/^[a-z]{1,4}\.[a-z]{1,4}$/), kept, {
  noNullPrototype: true,
})
const checkpoint: fc.Arbitrary<Checkpoint> = fc.record(
  {
    config: fc.stringMatching(/^[0-9a-f]{16}$/),
    device: fc.constantFrom('cpu', 'webgpu'),
    epoch: fc.nat(),
    step: fc.nat(),
    origin: fc.constantFrom('torchvision', 'timm (ViT)'),
    parameters: arrays,
    slots: arrays.map(all =>
      Object.fromEntries(Object.entries(all).map(([name, array]) => [`momentum/${name}`, array])),
    ),
    meter: fc.float32Array({ minLength: 3, maxLength: 3 }),
  },
  { noNullPrototype: true },
)

const bits = (data: Float32Array): ReadonlyArray<number> => [
  ...new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
]
const plain = ({ parameters, slots, meter, ...rest }: Checkpoint) => {
  const flat = (all: Checkpoint['slots']) =>
    Object.entries(all)
      .map(([name, { aval, data }]) => ({ name, shape: [...aval.shape], bits: bits(data) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  return { ...rest, parameters: flat(parameters), slots: flat(slots), meter: bits(meter) }
}

const line = <A>(either: E.Either<Fault, A>): string =>
  E.isLeft(either) ? showFault(either.left) : 'no fault'

const small: Checkpoint = {
  config: '0123456789abcdef',
  device: 'cpu',
  epoch: 2,
  step: 7,
  origin: 'torchvision',
  parameters: { 'layers.0.weight': { aval: f32(2, 1), data: Float32Array.of(1, 2) } },
  slots: { 'momentum/layers.0.weight': { aval: f32(2, 1), data: Float32Array.of(3, 4) } },
  meter: Float32Array.of(1, 2, 3),
}

test('come back bit for bit', () => {
  fc.assert(
    fc.property(checkpoint, value => {
      const back = right(decodeCheckpoint(right(encodeCheckpoint(value)), 'f'))
      assert.equal(plain(back), plain(value))
    }),
    { numRuns: 50 },
  )
})

test('cut off anywhere are refused', () => {
  const bytes = right(encodeCheckpoint(small))
  for (let length = 0; length < bytes.length; length++) {
    assert.match(line(decodeCheckpoint(bytes.subarray(0, length), 'c')), /^c/)
  }
})

test('of another program are refused', () => {
  const foreign = right(
    encodeSafetensors({ arrays: new Map(), metadata: { format: 'pt', epoch: '1' } }),
  )
  assert.match(line(decodeCheckpoint(foreign, 'c')), /^c, metadata format: "pt" given/)
})

test('fit only the arrays of the same names and shapes', () => {
  const fit = (...wanted: ReadonlyArray<readonly [string, ReturnType<typeof f32>]>): string =>
    line(fitArrays(small.parameters, wanted, 'c'))
  assert.is(fit(['layers.0.weight', f32(2, 1)]), 'no fault')
  assert.match(fit(['layers.0.weight', f32(1, 2)]), /is f32\[2, 1\], not f32\[1, 2\]/)
  assert.match(fit(), /'layers\.0\.weight' is not of this network/)
  assert.match(fit(['layers.0.weight', f32(2, 1)], ['b', f32(1)]), /'b' is missing/)
})

test.run()
