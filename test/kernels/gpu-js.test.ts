// hostKernel: one compiled kernel at any size, with arrays of either dtype and loops of any length.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Flat, hostKernel, hostQuads, type Lane, toU32 } from '../../kernels/gpu-js.ts'

const test = suite('hostKernel')

test('computes as many elements as are asked for', () => {
  const double = hostKernel(function (x: Flat) {
    return 2 * (x[this.thread.x] ?? 0)
  })
  assert.equal([...double(3, Float32Array.of(1, 2, 3))], [2, 4, 6])
  assert.equal([...double(1, Uint32Array.of(7, 8))], [14])
  assert.equal([...double(4, Float32Array.of(1, 2, 3, 4))], [2, 4, 6, 8])
})

test('runs long loops whose length is an argument', () => {
  const count = hostKernel(function (this: Lane, n: number) {
    let sum = 0
    for (let i = 0; i < n; i++) sum += 1
    return sum
  })
  assert.equal([...count(2, 12_345)], [12_345, 12_345])
})

test('gives each call a result of its own', () => {
  const same = hostKernel(function (x: Flat) {
    return x[this.thread.x] ?? 0
  })
  const first = same(1, Float32Array.of(1))
  const second = same(1, Float32Array.of(2))
  assert.equal([first[0], second[0]], [1, 2])
})

test('computes four rows at once, and as many as there are', () => {
  const numbered = hostQuads(function (this: Lane, start: number) {
    const first = start + 100 * this.thread.y + this.thread.x
    return [first, first + 10, first + 20, first + 30]
  })
  assert.equal([...numbered(1, 3, 0)], [0, 1, 2])
  assert.equal([...numbered(5, 2, 1)], [1, 2, 11, 12, 21, 22, 31, 32, 101, 102])
})

test('turns whole numbers into u32', () => {
  assert.equal([...toU32(Float32Array.of(0, 16_777_215))], [0, 16_777_215])
})

test.run()
