// A JavaScript peer's side of bench/gemm.ts: one square f32 product. Prints one JSON line.
// Usage: bun gemm.mjs tfjs-wasm|tfjs-webgpu|jax-wasm|jax-webgpu SIZE ROUNDS
import { openJax, openTfjs } from './backends.mjs'

const [peer = '', sizeText = '1024', roundsText = '5'] = process.argv.slice(2)
const size = Number(sizeText)
const rounds = Number(roundsText)

/** @param {number} seed element i is a hash of i and the seed, in [-0.5, 0.5) */
const matrix = seed =>
  Float32Array.from(
    { length: size * size },
    (_, i) => (Math.imul(i + seed, 2654435761) >>> 0) / 2 ** 32 - 0.5,
  )

/** @param {string} backend */
const tfjs = async backend => {
  const { tf, version } = await openTfjs(backend)
  const a = tf.tensor2d(matrix(1), [size, size])
  const b = tf.tensor2d(matrix(2), [size, size])
  const product = async () => {
    const c = tf.matMul(a, b)
    const one = tf.slice(c, [0, 0], [1, 1])
    await one.data()
    one.dispose()
    return c
  }
  return {
    once: async () => (await product()).dispose(),
    all: async () => (await product()).data(),
    version,
  }
}

/** @param {string} backend */
const jax = async backend => {
  const { jax: module, version } = await openJax(backend)
  const { numpy: np, jit } = module
  const a = np.array(matrix(1)).reshape([size, size])
  const b = np.array(matrix(2)).reshape([size, size])
  const matmul = jit(np.matmul)
  const product = () => matmul(a.ref, b.ref).blockUntilReady()
  return {
    once: async () => (await product()).dispose(),
    all: async () => (await product()).data(),
    version,
  }
}

const backend = peer.split('-')[1] ?? ''
const { once, all, version } = await (peer.startsWith('tfjs') ? tfjs(backend) : jax(backend))
await once()
const times = []
for (let round = 0; round < rounds; round++) {
  const start = performance.now()
  await once()
  times.push(performance.now() - start)
}
const c = await all()
const samples = Array.from(
  { length: 64 },
  (_, t) => c[((t * 7919) % size) * size + ((t * 104729) % size)],
)
console.log(JSON.stringify({ times, samples, version }))
process.exit(0)
