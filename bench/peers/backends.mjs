// The JavaScript peers: tfjs and jax-js, each on wasm or on WebGPU, ready to compute.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const { resolve } = createRequire(import.meta.url)

/**
 * Packages of this folder are installed on demand, so that their types are not known.
 * @param {string} name
 */
const load = name => import(name)

const useWebgpu = async () => {
  const { create, globals } = await load('webgpu')
  Object.assign(globalThis, globals)
  const gpu = create([])
  Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: '' } })
}

/**
 * tfjs-core on a backend, and its version; throws where the backend is not to be had.
 * @param {string} backend wasm or webgpu
 */
export const openTfjs = async backend => {
  const tf = await load('@tensorflow/tfjs-core')
  if (backend === 'webgpu') await useWebgpu()
  const module = await load(`@tensorflow/tfjs-backend-${backend}`)
  if (backend === 'wasm') {
    module.setWasmPaths(`${dirname(resolve('@tensorflow/tfjs-backend-wasm'))}/`)
  }
  await tf.setBackend(backend)
  await tf.ready()
  if (tf.getBackend() !== backend) throw new Error(`no ${backend} backend`)
  return { tf, version: tf.version_core }
}

/**
 * jax-js on a backend, and its version; throws where the backend is not to be had.
 * @param {string} backend wasm or webgpu
 */
export const openJax = async backend => {
  if (backend === 'webgpu') await useWebgpu()
  const jax = await load('@jax-js/jax')
  if (!(await jax.init()).includes(backend)) throw new Error(`no ${backend} device`)
  jax.defaultDevice(backend)
  const manifest = join(dirname(resolve('@jax-js/jax')), '..', 'package.json')
  return { jax, version: JSON.parse(readFileSync(manifest, 'utf8')).version }
}
