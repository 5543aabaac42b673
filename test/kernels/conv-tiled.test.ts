// Convolutions for GPUs by their large tiles, which small shapes do not take: forth, back and by weights.
// timeout: 300
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Conv, conv2d, conv2dInputGrad, conv2dWeightGrad } from '../../kernels/conv2d.ts'
import { type Aval, f32 } from '../../src/core/aval.ts'
import { isDispatch, type Target } from '../../src/core/dispatch.ts'
import { type Op, primitive } from '../../src/core/op.ts'
import { checkOp } from '../support/check-op.ts'
import { right } from '../support/engines.ts'

const plain: Conv = { stride: 1, padding: 1, dilation: 1, groups: 1 }

const target: Target = {
  family: 'tiled',
  limits: {
    maxWorkgroups: 65535,
    maxBindingBytes: 2 ** 27,
    maxBufferBytes: 2 ** 28,
    maxTextureSize: 16384,
    workgroupBytes: 32768,
  },
}

const tileOf = <A>(op: Op<A>, attrs: A, ins: ReadonlyArray<Aval>): ReadonlyArray<number> =>
  right(primitive(op, attrs)(ins))
    .lower(target)
    .filter(isDispatch)
    .filter(({ constants }) => 'ROWS' in constants)
    .flatMap(({ constants: { ROWS = 0, COLUMNS = 0 } }) => [ROWS, COLUMNS])
    .slice(0, 2)

const test = suite('conv2d, tiled')

const check = <A>(
  op: Op<A>,
  attrs: A,
  ins: ReadonlyArray<Aval>,
  tile: readonly [number, number],
): void => {
  test(`${op.name} ${JSON.stringify(attrs)} takes ${tile.join(' x ')}`, () => {
    assert.equal(tileOf(op, attrs, ins), tile)
  })
  checkOp(op, { attrs, shapes: [ins], families: ['tiled'], gradients: [], tolerance: 1e-4 })
}

check(conv2d, plain, [f32(2, 128, 129, 3), f32(124, 3, 3, 3)], [128, 128])
check(conv2d, plain, [f32(1, 150, 91, 12), f32(60, 12, 1, 1)], [128, 64])
check(
  conv2dInputGrad,
  { ...plain, stride: 2, height: 191, width: 180 },
  [f32(2, 96, 90, 4), f32(4, 61, 3, 3)],
  [64, 64],
)
check(
  conv2dWeightGrad,
  { ...plain, rows: 3, columns: 3 },
  [f32(65, 3, 5, 128), f32(65, 3, 5, 256)],
  [128, 128],
)

test.run()
