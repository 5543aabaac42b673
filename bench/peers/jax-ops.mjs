// The ops of bench/peers/infer.mjs in terms of jax-js, where a value is used up and `ref` keeps it; images are NCHW.
import { openJax } from './backends.mjs'

/** @typedef {import('./ops.d.ts').Ops} Ops */
/** @typedef {import('./ops.d.ts').Value} Value */
/** @typedef {import('./ops.d.ts').Sizes} Sizes */

/** @param {Value} np @param {ReadonlyArray<number>} shape @param {number} scale */
const random = (np, shape, scale) => {
  const size = shape.reduce((a, b) => a * b)
  const values = Float32Array.from({ length: size }, () => scale * (Math.random() - 0.5))
  return np.array(values).reshape(shape)
}

/** @param {number} pad */
const bothSides = pad => [
  [pad, pad],
  [pad, pad],
]

/**
 * @param {Value} jax
 * @param {Ops['make']} make
 * @returns {Pick<Ops, 'linear' | 'conv' | 'maxPool' | 'addRelu' | 'add' | 'average'>}
 */
const imageOps = ({ numpy: np, lax, nn }, make) => ({
  linear: (from, to) => {
    const [w, b] = [make([from, to], 0.05), make([to], 0.05)]
    return x => np.matmul(x, w.ref).add(b.ref)
  },
  conv: (from, to, kernel, stride, pad, activation) => {
    const [w, b] = [make([to, from, kernel, kernel], 0.05), make([1, to, 1, 1], 0.05)]
    return x => {
      const y = lax.convGeneralDilated(x, w.ref, [stride, stride], bothSides(pad)).add(b.ref)
      return activation === 'relu' ? nn.relu(y) : y
    }
  },
  maxPool: x => {
    const sides = [...bothSides(0), ...bothSides(1)]
    const largest = (/** @type {Value} */ window) => np.max(window)
    return lax.reduceWindow(np.pad(x, sides), largest, [3, 3], [2, 2])
  },
  addRelu: (a, b) => nn.relu(a.add(b)),
  add: (a, b) => a.add(b),
  average: x => np.mean(x, [2, 3]),
})

/**
 * @param {Value} jax
 * @param {Ops['make']} make
 * @param {Sizes} sizes
 * @returns {Pick<Ops, 'tokens' | 'norm' | 'gelu' | 'attend' | 'classToken'>}
 */
const tokenOps = ({ numpy: np, nn }, make, { batch, tokens, width, heads }) => ({
  tokens: (x, first, places) => {
    const rows = np.transpose(x.reshape([batch, width, tokens - 1]), [0, 2, 1])
    const firsts = np.tile(first.ref, [batch, 1, 1])
    return np.concatenate([firsts, rows], 1).add(places.ref)
  },
  norm: () => {
    const [scale, shift] = [make([width], 1), make([width], 1)]
    return x => nn.standardize(x, -1, { epsilon: 1e-6 }).mul(scale.ref).add(shift.ref)
  },
  gelu: x => nn.gelu(x),
  attend: (q, k, v) => {
    /** @param {Value} x */
    const apart = x => x.reshape([batch, tokens, heads, width / heads])
    const mixed = nn.dotProductAttention(apart(q), apart(k), apart(v))
    return mixed.reshape([batch, tokens, width])
  },
  classToken: x => x.slice([], 0),
})

/** @param {string} backend @param {Sizes} sizes @returns {Promise<Ops>} */
export const jaxOps = async (backend, sizes) => {
  const { jax, version } = await openJax(backend)
  /** @type {Ops['make']} */
  const make = (shape, scale) => random(jax.numpy, shape, scale)
  return {
    version,
    make,
    ...imageOps(jax, make),
    ...tokenOps(jax, make, sizes),
    use: x => x.ref,
    run: forward => {
      const [x, compiled] = [make([sizes.batch, 3, 224, 224], 1), jax.jit(forward)]
      return async () => (await compiled(x.ref).blockUntilReady()).dispose()
    },
  }
}
