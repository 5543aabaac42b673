// The ops of bench/peers/infer.mjs in terms of tfjs; images are NHWC.
import { openTfjs } from './backends.mjs'

/** @typedef {import('./ops.d.ts').Ops} Ops */
/** @typedef {import('./ops.d.ts').Value} Value */
/** @typedef {import('./ops.d.ts').Sizes} Sizes */

/** @param {Value} tf @param {ReadonlyArray<number>} shape @param {number} scale */
const random = (tf, shape, scale) => {
  const size = shape.reduce((a, b) => a * b)
  return tf.tensor(
    Float32Array.from({ length: size }, () => scale * (Math.random() - 0.5)),
    shape,
  )
}

/**
 * @param {Value} tf
 * @param {Ops['make']} make
 * @returns {Pick<Ops, 'linear' | 'conv' | 'maxPool' | 'addRelu' | 'add' | 'average'>}
 */
const imageOps = (tf, make) => ({
  linear: (from, to) => {
    const [w, b] = [make([from, to], 0.05), make([to], 0.05)]
    return x => {
      const rows = tf.reshape(x, [-1, from])
      return tf.reshape(tf.add(tf.matMul(rows, w), b), [...x.shape.slice(0, -1), to])
    }
  },
  conv: (from, to, kernel, stride, pad, activation) => {
    const [filter, bias] = [make([kernel, kernel, from, to], 0.05), make([to], 0.05)]
    const rest = { strides: stride, pad, dimRoundingMode: 'floor', activation }
    return x => tf.fused.conv2d({ x, filter, bias, ...rest })
  },
  maxPool: x => tf.maxPool(x, 3, 2, 1, 'floor'),
  addRelu: (a, b) => tf.relu(tf.add(a, b)),
  add: (a, b) => tf.add(a, b),
  average: x => tf.mean(x, [1, 2]),
})

/**
 * @param {Value} tf
 * @param {Ops['make']} make
 * @param {Sizes} sizes
 * @returns {Pick<Ops, 'tokens' | 'norm' | 'gelu' | 'attend' | 'classToken'>}
 */
const tokenOps = (tf, make, { batch, tokens, width, heads }) => {
  const depth = width / heads
  /** @param {Value} x */
  const apart = x => tf.transpose(tf.reshape(x, [batch, tokens, heads, depth]), [0, 2, 1, 3])
  return {
    tokens: (x, first, places) => {
      const rows = tf.reshape(x, [batch, tokens - 1, width])
      return tf.add(tf.concat([tf.tile(first, [batch, 1, 1]), rows], 1), places)
    },
    norm: () => {
      const [scale, shift] = [make([width], 1), make([width], 1)]
      return x => {
        const { mean, variance } = tf.moments(x, -1, true)
        const unit = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-6)))
        return tf.add(tf.mul(unit, scale), shift)
      }
    },
    gelu: x => tf.mul(x, tf.sigmoid(tf.mul(x, 1.702))),
    attend: (q, k, v) => {
      const scores = tf.mul(tf.matMul(apart(q), apart(k), false, true), depth ** -0.5)
      const mixed = tf.matMul(tf.softmax(scores), apart(v))
      return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch, tokens, width])
    },
    classToken: x => tf.reshape(tf.slice(x, [0, 0, 0], [batch, 1, width]), [batch, width]),
  }
}

/** @param {string} backend @param {Sizes} sizes @returns {Promise<Ops>} */
export const tfjsOps = async (backend, sizes) => {
  const { tf, version } = await openTfjs(backend)
  /** @type {Ops['make']} */
  const make = (shape, scale) => random(tf, shape, scale)
  return {
    version,
    make,
    ...imageOps(tf, make),
    ...tokenOps(tf, make, sizes),
    use: x => x,
    run: forward => {
      const x = make([sizes.batch, 224, 224, 3], 1)
      return async () => {
        const y = tf.tidy(() => forward(x))
        await y.data()
        y.dispose()
      }
    },
  }
}
