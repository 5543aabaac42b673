// A JavaScript peer's side of bench/gemm.ts: one square f32 product. Prints one JSON line.
// Usage: bun gemm.mjs tfjs-wasm|tfjs-webgpu|jax-wasm|jax-webgpu SIZE ROUNDS
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const [peer = '', sizeText = '1024', roundsText = '5'] = process.argv.slice(2)
const size = Number(sizeText)
const rounds = Number(roundsText)

const { resolve } = createRequire(import.meta.url)

/**
 * Packages of this folder are installed on demand, so that their types are not known.
 * @param {string} name
 */
const load = name => import(name)

/** @param {number} seed element i is a hash of i and the seed, in [-0.5, 0.5) */
const matrix = seed =>
  Float32Array.from(
    { length: size * size },
    (_, i) => (Math.imul(i + seed, 2654435761) >>> 0) / 2 ** 32 - 0.5,
  )

const useWebgpu = async () => {
  const { create, globals } = await load('webgpu')
  Object.assign(globalThis, globals)
  const gpu = create([])
  Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: '' } })
}

/** @param {string} backend */
const tfjs = async backend => {
  const tf = await load('@tensorflow/tfjs-core')
  if (backend === 'webgpu') await useWebgpu()
  const module = await load(`@tensorflow/tfjs-backend-${backend}`)
  if (backend === 'wasm') {
    module.setWasmPaths(`${dirname(resolve('@tensorflow/tfjs-backend-wasm'))}/`)
  }
  await tf.setBackend(backend)
  await tf.ready()
  if (tf.getBackend() !== backend) throw new Error(`no ${backend} backend`)
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
    version: tf.version_core,
  }
}

/** @param {string} backend */
const jax = async backend => {
  if (backend === 'webgpu') await useWebgpu()
  const { init, defaultDevice, numpy: np, jit } = await load('@jax-js/jax')
  if (!(await init()).includes(backend)) throw new Error(`no ${backend} device`)
  defaultDevice(backend)
  const a = np.array(matrix(1)).reshape([size, size])
  const b = np.array(matrix(2)).reshape([size, size])
  const matmul = jit(np.matmul)
  const product = () => matmul(a.ref, b.ref).blockUntilReady()
  const manifest = join(dirname(resolve('@jax-js/jax')), '..', 'package.json')
  return {
    once: async () => (await product()).dispose(),
    all: async () => (await product()).data(),
    version: JSON.parse(readFileSync(manifest, 'utf8')).version,
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
