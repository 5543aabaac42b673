// Products for GPUs: every tile and every form over whole and broken tiles, whole and in parts, run wherever an adapter is.
import { input, output, type Target } from '../../src/core/dispatch.ts'
import { f32 } from '../../src/core/aval.ts'
import { defineOp, type Op } from '../../src/core/op.ts'
import store from '../../shaders/matmul-store.wgsl' with { type: 'text' }
import { type Form, linearRelu, matmul, matmulSgd } from '../../kernels/matmul.ts'
import { type Sizes, sizesOf } from '../../kernels/matmul-form.ts'
import type { Ending } from '../../kernels/matmul-lower.ts'
import { productBy } from '../../kernels/matmul-tiled.ts'
import { type Division, type Tile, tileList } from '../../kernels/product-tiled.ts'
import storeBias from '../../shaders/matmul-store-bias.wgsl' with { type: 'text' }
import storeSgd from '../../shaders/matmul-store-sgd.wgsl' with { type: 'text' }
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { checkOp } from '../support/check-op.ts'

const divided = (tile: Tile, { k }: Sizes, parts: number): Division => {
  const share = 8 * Math.ceil(k / parts / 8)
  return { tile, share, parts: Math.ceil(k / share) }
}

/** The op with its own shape rule and reference, lowered by a given tile in so many parts. */
const forced = <A extends object>(
  op: Op<A>,
  formOf: (attrs: A) => Form,
  ending: Ending,
  tile: Tile,
  parts: number,
): Op<A> =>
  defineOp({
    ...op,
    name: `${op.name} ${tile.rows} x ${tile.columns} in ${parts}`,
    lower: ({ ins, attrs }, target) => {
      const sizes = sizesOf(ins, formOf(attrs))
      return productBy(divided(tile, sizes, parts), sizes, formOf(attrs), ending, target)
    },
  })

const operands = ({ form }: Form, [m, n, k]: readonly [number, number, number]) => [
  form === 'TN' ? f32(k, m) : f32(m, k),
  form === 'NT' ? f32(n, k) : f32(k, n),
]

const plain: Ending = { label: 'product', shader: store, bindings: [output()] }
const biased: Ending = {
  label: 'product',
  shader: storeBias,
  bindings: [input(2), output()],
  relu: true,
}
const update: Ending = {
  label: 'product',
  shader: storeSgd,
  bindings: [output(0), output(1), input(4)],
}

const checkTile = (
  tile: Tile,
  parts: number,
  form: Form['form'],
  ...sizes: ReadonlyArray<readonly [number, number, number]>
): void =>
  checkOp(
    forced(matmul, attrs => attrs, plain, tile, parts),
    {
      attrs: { form },
      shapes: sizes.map(size => operands({ form }, size)),
      families: ['tiled'],
      gradients: [],
    },
  )

/** Compiling takes llvmpipe seconds a tile and form, so each tile runs what tells it from the others. */
const [largest, ...smaller] = tileList.filter(({ halves }) => !halves)
for (const tile of largest === undefined ? [] : [largest]) {
  checkTile(tile, 1, 'NT', [132, 128, 20], [1, 131, 9])
  checkTile(tile, 1, 'NN', [128, 132, 32])
  checkTile(tile, 3, 'TN', [124, 136, 44], [131, 127, 50])
}
for (const tile of smaller) {
  const { rows, columns } = tile
  checkTile(tile, 1, 'NT', [rows + 4, columns + 8, 20])
  checkTile(tile, 3, 'NN', [rows, columns + 4, 44])
}

const nt: Form = { form: 'NT' }
for (const tile of smaller.slice(-1)) {
  for (const parts of [1, 2]) {
    checkOp(
      forced(linearRelu, () => nt, biased, tile, parts),
      {
        attrs: {},
        shapes: [
          [f32(9, 24), f32(132, 24), f32(132)],
          [f32(130, 17), f32(5, 17), f32(5)],
        ],
        families: ['tiled'],
        gradients: [],
      },
    )
    const size = [36, 40, 48] as const
    const [dw, odd] = [f32(36, 40), f32(7, 5)]
    checkOp(
      forced(matmulSgd, attrs => attrs, update, tile, parts),
      {
        attrs: { form: 'TN' },
        shapes: [
          [...operands({ form: 'TN' }, size), dw, dw, f32(4)],
          [f32(17, 7), f32(17, 5), odd, odd, f32(4)],
        ],
        families: ['tiled'],
        gradients: [],
      },
    )
  }
}

const card: Target = {
  family: 'tiled',
  limits: {
    maxWorkgroups: 65535,
    maxBindingBytes: 2 ** 31 - 4,
    maxBufferBytes: 2 ** 33,
    maxTextureSize: 16384,
    workgroupBytes: 49152,
  },
}

const test = suite('matmul, tiled')

test('holds the parts of a sum beside each other and gives the ending to their sum alone', () => {
  const sizes = { m: 10, n: 12, k: 80 }
  for (const tile of smaller) {
    const works = productBy(divided(tile, sizes, 4), sizes, nt, biased, card)
    assert.equal(
      works.map(({ bindings }) => bindings.map(ref => ref._tag)),
      [
        ['In', 'In', 'Scratch'],
        ['Scratch', 'In', 'In', 'Out'],
      ],
    )
    const [parts] = works.flatMap(({ bindings }) => bindings.filter(b => b._tag === 'Scratch'))
    assert.is(parts?.bytes, 4 * 4 * 10 * 12)
    assert.is(works[0]?.workgroups[2], 4)
  }
})

test.run()
