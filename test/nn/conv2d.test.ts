// The convolution layer: PyTorch's parameters, its start and shapes, and one plain application.
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { f32, sizeOf } from '../../src/core/aval.ts'
import { interpret } from '../../src/core/interpret.ts'
import { trace } from '../../src/core/trace.ts'
import { bindTree, constant, initialise, parameters } from '../../src/core/tree.ts'
import { arg, showShapeErrors } from '../../src/core/value.ts'
import { conv2d } from '../../src/nn/conv2d.ts'
import { evaluation } from '../../src/nn/layer.ts'
import { right } from '../support/engines.ts'

const test = suite('conv2d layer')

test('has a weight [O, C / groups, k, k], and a bias only if asked', () => {
  const shapes = (options: Parameters<typeof conv2d>[0]) => {
    const { params, out } = right(conv2d(options).init(f32(2, 9, 8, 6)))
    return [...parameters(params).map(([path, { aval }]) => [path, aval.shape]), ['out', out.shape]]
  }
  assert.equal(shapes({ out: 4, kernel: 3 }), [
    ['weight', [4, 6, 3, 3]],
    ['out', [2, 7, 6, 4]],
  ])
  assert.equal(shapes({ out: 4, kernel: 3, groups: 2, stride: 2, padding: 1, bias: true }), [
    ['weight', [4, 3, 3, 3]],
    ['bias', [4]],
    ['out', [2, 5, 4, 4]],
  ])
  assert.equal(shapes({ out: 4, kernel: 3, dilation: 2 }), [
    ['weight', [4, 6, 3, 3]],
    ['out', [2, 5, 4, 4]],
  ])
})

test('starts normal with variance 2 / fan', () => {
  const variance = (fan: 'in' | 'out') => {
    const { params } = right(conv2d({ out: 64, kernel: 3, fan }).init(f32(1, 9, 9, 16)))
    const [path, weight] = parameters(params)[0] ?? assert.unreachable('no weight') ?? []
    if (path === undefined || weight === undefined) return Number.NaN
    let squares = 0
    for (const v of initialise(1, path, weight)) squares += v * v
    return squares / sizeOf(weight.aval)
  }
  assert.ok(Math.abs(variance('out') / (2 / (64 * 9)) - 1) < 0.05)
  assert.ok(Math.abs(variance('in') / (2 / (16 * 9)) - 1) < 0.05)
})

test('starts its bias uniform in +-1 / sqrt(fan in), as PyTorch, or as it is told', () => {
  const biasOf = (options: Partial<Parameters<typeof conv2d>[0]>) => {
    const layer = conv2d({ out: 4000, kernel: 3, groups: 2, bias: true, ...options })
    const { params } = right(layer.init(f32(1, 9, 9, 16)))
    const bias = params.bias ?? assert.unreachable('no bias')
    return bias === undefined ? [] : [...initialise(1, 'bias', bias)]
  }
  const bound = 1 / Math.sqrt(8 * 9)
  const values = biasOf({})
  assert.ok(values.every(v => Math.abs(v) <= bound))
  assert.ok(Math.max(...values) > 0.99 * bound && Math.min(...values) < -0.99 * bound)
  const variance = values.reduce((sum, v) => sum + v * v, 0) / values.length
  assert.ok(Math.abs(variance / (bound ** 2 / 3) - 1) < 0.05, `${variance}`)
  assert.ok(biasOf({ starts: { bias: constant(0) } }).every(v => v === 0))
})

test('adds its bias to the convolution', () => {
  const layer = conv2d({ out: 1, kernel: 2, bias: true })
  const { params, state } = right(layer.init(f32(1, 2, 3, 1)))
  const bound = bindTree(params, (path, { aval }) => arg(path, aval))
  const [y] = layer.apply(evaluation)(bound, state, arg('x', f32(1, 2, 3, 1)))
  const program = right(trace({ outputs: { y } }), showShapeErrors)
  const { outputs } = interpret(program, {
    x: Float32Array.of(1, 2, 3, 4, 5, 6),
    weight: Float32Array.of(1, 10, 100, 1000),
    bias: Float32Array.of(0.5),
  })
  assert.equal([...(outputs.y ?? [])], [5421.5, 6532.5])
})

test('refuses images that it cannot see', () => {
  assert.ok(E.isLeft(conv2d({ out: 4, kernel: 3 }).init(f32(1, 2, 9, 4))))
  assert.ok(E.isLeft(conv2d({ out: 4, kernel: 3 }).init(f32(9, 9, 4))))
  assert.ok(E.isLeft(conv2d({ out: 4, kernel: 3, groups: 3 }).init(f32(1, 9, 9, 4))))
})

test.run()
