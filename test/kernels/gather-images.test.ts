// gatherImages: bytes out of words, standardised per channel, at widths that fill words and that do not.
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { gatherFurtherImages, gatherImages } from '../../kernels/gather-images.ts'
import { f32, u32 } from '../../src/core/aval.ts'
import { checkOp } from '../support/check-op.ts'

const check = (features: number, channels: number): void => {
  const words = Math.ceil(features / 4)
  const format = {
    features,
    mean: [0.4914, 0.4822, 0.4465].slice(0, channels),
    std: [0.2023, 0.1994, 0.201].slice(0, channels),
  }
  checkOp(gatherFurtherImages, {
    attrs: { ...format, first: 4 },
    shapes: [[u32(3, words), u32(33), f32(33, features)]],
    operands: [{ below: 2 ** 32 }, { below: 9 }],
    gradients: [],
  })
  checkOp(gatherImages, {
    attrs: format,
    shapes: [
      [u32(7, words), u32(1)],
      [u32(7, words), u32(33)],
    ],
    operands: [{ below: 2 ** 32 }, { below: 9 }],
    gradients: [],
  })
}

check(784, 1)
check(1, 1)
check(9, 1)
check(12, 3)
check(27, 3)
check(3072, 3)

const test = suite('gatherImages')

test('takes the lowest byte first and scales pixels to [0, 1]', () => {
  const attrs = { features: 6, mean: [0], std: [1] }
  const [y] = gatherImages.oracle([Uint32Array.of(0, 0, 0xff332211, 0x6655), Uint32Array.of(1)], {
    attrs,
    ins: [u32(2, 2), u32(1)],
    outs: [f32(1, 6)],
  })
  const pixels = [...(y ?? [])].map(v => Math.round(v * 255))
  assert.equal(pixels, [0x11, 0x22, 0x33, 0xff, 0x55, 0x66])
})

test('refuses data of another width and channels that do not divide an image', () => {
  const format = { features: 6, mean: [0, 0, 0], std: [1, 1, 1] }
  assert.ok(E.isRight(gatherImages.infer([u32(2, 2), u32(1)], format)))
  assert.ok(E.isLeft(gatherImages.infer([u32(2, 3), u32(1)], format)))
  assert.ok(E.isLeft(gatherImages.infer([u32(2, 2), u32(1)], { ...format, features: 7 })))
  assert.ok(E.isLeft(gatherImages.infer([u32(2, 2), u32(1)], { ...format, std: [1, 1, 0] })))
})

test.run()
