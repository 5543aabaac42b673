// f16 products: their WGSL on Dawn's null backend, which types matrix units without a GPU, and all but the matrix units run
// wherever an adapter is, with loops in their place.
// timeout: 300
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Conv, conv2d, conv2dInputGrad, conv2dWeightGrad } from '../../kernels/conv2d.ts'
import { conv2dBias, conv2dWeightGradSgd } from '../../kernels/conv2d-fused.ts'
import { type Form, linearRelu, matmul, matmulReluGrad, matmulSgd } from '../../kernels/matmul.ts'
import { sizesOf } from '../../kernels/matmul-form.ts'
import { productBy } from '../../kernels/matmul-tiled.ts'
import { divisionOf, type Tile, tileList, workgroupBytesOf } from '../../kernels/product-tiled.ts'
import matrix from '../../shaders/product-halves-matrix.wgsl' with { type: 'text' }
import store from '../../shaders/matmul-store.wgsl' with { type: 'text' }
import { type Aval, f32 } from '../../src/core/aval.ts'
import { type Dispatch, isDispatch, output, type Target } from '../../src/core/dispatch.ts'
import { defineOp, type Op, primitive } from '../../src/core/op.ts'
import { instances } from '../../src/device/acquire.ts'
import { checkOp } from '../support/check-op.ts'
import { inLoops } from '../support/halves.ts'
import { right } from '../support/engines.ts'

const card: Target = {
  family: 'tiled',
  precision: 'f16',
  limits: {
    maxWorkgroups: 65535,
    maxBindingBytes: 2 ** 31 - 4,
    maxBufferBytes: 2 ** 33,
    maxTextureSize: 16384,
    workgroupBytes: 49152,
  },
}

const tolerance = 2e-3

const operands = (form: Form['form'], [m, n, k]: readonly [number, number, number]) => [
  form === 'TN' ? f32(k, m) : f32(m, k),
  form === 'NT' ? f32(n, k) : f32(k, n),
]

const byTile = (tile: Tile, parts: number): Op<Form> =>
  defineOp({
    ...matmul,
    name: `matmul in halves ${tile.rows} x ${tile.columns}`,
    lower: ({ ins, attrs }, target) => {
      const sizes = sizesOf(ins, attrs)
      const share = 8 * Math.ceil(sizes.k / parts / 8)
      const ending = { label: 'product', shader: store, bindings: [output()] }
      return inLoops(productBy({ tile, parts, share }, sizes, attrs, ending, target))
    },
  })

const run = { families: ['tiled'], gradients: [], tolerance } as const

for (const tile of tileList) {
  if (!tile.halves || workgroupBytesOf(tile) > 32768) continue
  const { rows, columns } = tile
  const size = [rows + 4, columns + 8, 40] as const
  checkOp(byTile(tile, 1), { attrs: { form: 'NT' }, shapes: [operands('NT', size)], ...run })
  checkOp(byTile(tile, 2), { attrs: { form: 'TN' }, shapes: [operands('TN', size)], ...run })
}

/** As the op is lowered for a card with matrix units, but for the workgroup memory that there is. */
const asOnCard = <A>(op: Op<A>): Op<A> =>
  defineOp({
    ...op,
    name: `${op.name} in halves`,
    lower: (site, target) =>
      inLoops(op.lower(site, { ...target, family: 'tiled', precision: 'f16' })),
  })

const plain: Conv = { stride: 1, padding: 1, dilation: 1, groups: 1 }
const [x, w, y] = [f32(2, 9, 7, 5), f32(70, 5, 3, 3), f32(2, 9, 7, 70)]
checkOp(asOnCard(conv2dBias), {
  attrs: { ...plain, relu: true },
  shapes: [[x, w, f32(70)]],
  ...run,
})
checkOp(asOnCard(conv2dInputGrad), {
  attrs: { ...plain, stride: 2, height: 9, width: 8 },
  shapes: [[f32(2, 5, 4, 12), f32(12, 6, 3, 3)]],
  ...run,
})
checkOp(asOnCard(conv2dWeightGrad), {
  attrs: { ...plain, rows: 3, columns: 3 },
  shapes: [[y, x]],
  ...run,
})

const test = suite('products in halves')

/** A device that runs nothing but types everything, and how to give it back; null where there is no such backend. */
const nullDevice = async () => {
  const dawn = await import('webgpu').catch(() => null)
  if (dawn === null) return null
  Object.assign(globalThis, dawn.globals)
  const gpu = dawn.create(['backend=null', 'enable-dawn-features=allow_unsafe_apis'])
  instances.add(gpu)
  const adapter = await gpu.requestAdapter()
  if (adapter === null) return null
  const wanted = ['subgroups', 'shader-f16', 'chromium-experimental-subgroup-matrix']
  const offered = (name: string): name is GPUFeatureName => adapter.features.has(name)
  const device = await adapter.requestDevice({ requiredFeatures: wanted.filter(offered) })
  const release = () => {
    device.destroy()
    instances.delete(gpu)
  }
  return { device, release }
}

const halvesOf = <A>(op: Op<A>, attrs: A, ...ins: ReadonlyArray<Aval>): ReadonlyArray<Dispatch> =>
  right(primitive(op, attrs)(ins))
    .lower(card)
    .filter(isDispatch)
    .filter(({ shader }) => shader.includes(matrix))

const [dw, hyper] = [f32(256, 256), f32(4)]
const dispatches: ReadonlyArray<Dispatch> = [
  ...halvesOf(matmul, { form: 'NT' }, f32(4096, 4096), f32(4096, 4096)),
  ...halvesOf(matmul, { form: 'NN' }, f32(256, 80), f32(80, 256)),
  ...halvesOf(matmulSgd, { form: 'TN' }, f32(80, 256), f32(80, 256), dw, dw, hyper),
  ...halvesOf(matmulReluGrad, { form: 'NN' }, f32(256, 80), f32(80, 256), dw),
  ...halvesOf(linearRelu, {}, f32(256, 80), f32(256, 80), f32(256)),
  ...halvesOf(conv2d, plain, f32(8, 32, 32, 64), f32(64, 64, 3, 3)),
  ...halvesOf(conv2dBias, { ...plain, relu: true }, x, w, f32(70)),
  ...halvesOf(conv2dWeightGradSgd, { ...plain, rows: 3, columns: 3 }, y, x, w, w, hyper),
]

/** The null backend has too little workgroup memory, and subgroups too large, for pipelines of them. */
const expected = /workgroup storage|must be a multiple of the device maxSubgroupSize/

test('are typed on the null backend with every operand and ending', async () => {
  assert.is(dispatches.length, 8)
  const opened = await nullDevice()
  if (opened === null) return console.log('Dawn has no null backend: matrix units are not typed')
  const { device, release } = opened
  for (const { label, shader, constants } of dispatches) {
    device.pushErrorScope('validation')
    const module = device.createShaderModule({ code: shader })
    const error = await device.popErrorScope()
    assert.is(error?.message ?? '', '', label)
    const compute = { module, entryPoint: 'main', constants }
    const made = await device.createComputePipelineAsync({ layout: 'auto', compute }).then(
      () => 'made',
      reason => String(reason),
    )
    assert.ok(made === 'made' || expected.test(made), `${label}: ${made}`)
  }
  release()
})

test('are used where the device has them, in tiles that its workgroup memory has room for', () => {
  const sizes = { m: 4096, n: 4096, k: 4096, groups: 1 }
  const { tile } = divisionOf(sizes, card, 64)
  assert.equal([tile.rows, tile.columns, tile.halves], [128, 128, true])
  assert.is(divisionOf(sizes, { ...card, precision: 'f32' }, 64).tile.halves, false)
  const small = { ...card, limits: { ...card.limits, workgroupBytes: 32768 } }
  assert.is(divisionOf(sizes, small, 64).tile.columns, 64)
})

test.run()
