// A JavaScript peer's side of bench/conv.ts: one convolution and both its gradients. Prints one JSON line, in which a
// pass that the peer cannot run is null.
// Usage: bun conv.mjs tfjs-wasm|tfjs-webgpu|jax-wasm|jax-webgpu CASE REPETITIONS
import { openJax, openTfjs } from './backends.mjs'

const [peer = '', caseText = '{}', repetitionsText = '3'] = process.argv.slice(2)
const { batch, side, channels, out, kernel, stride, padding, groups } = JSON.parse(caseText)
const repetitions = Number(repetitionsText)
const after = Math.floor((side + 2 * padding - kernel) / stride) + 1
const isDepthwise = groups > 1

/** @param {number} size */
const random = size => Float32Array.from({ length: size }, () => Math.random() - 0.5)

/** @param {string} backend */
const tfjs = async backend => {
  const { tf, version } = await openTfjs(backend)
  const x = tf.tensor4d(random(batch * side * side * channels), [batch, side, side, channels])
  const filterShape = isDepthwise ? [kernel, kernel, channels, 1] : [kernel, kernel, channels, out]
  const filter = tf.tensor4d(random(filterShape.reduce((a, b) => a * b)), filterShape)
  const dy = tf.tensor4d(random(batch * after * after * out), [batch, after, after, out])
  const pad = [
    [0, 0],
    [padding, padding],
    [padding, padding],
    [0, 0],
  ]
  const attrs = { strides: [stride, stride], dilations: [1, 1], pad, dataFormat: 'NHWC' }
  const name = isDepthwise ? 'DepthwiseConv2dNative' : 'Conv2D'
  const input = isDepthwise ? 'DepthwiseConv2dNativeBackpropInput' : 'Conv2DBackpropInput'
  const weight = isDepthwise ? 'DepthwiseConv2dNativeBackpropFilter' : 'Conv2DBackpropFilter'
  /** @param {string} kernelName @param {object} inputs @param {object} more */
  const run = (kernelName, inputs, more) => async () => {
    const y = tf.engine().runKernel(kernelName, inputs, { ...attrs, ...more })
    const one = tf.slice(y, [0, 0, 0, 0], [1, 1, 1, 1])
    await one.data()
    one.dispose()
    y.dispose()
  }
  return {
    version,
    forward: run(name, { x, filter }, {}),
    dx: run(input, { dy, filter }, { inputShape: x.shape }),
    dw: run(weight, { x, dy }, { filterShape }),
  }
}

/** @param {string} backend */
const jax = async backend => {
  const { jax: module, version } = await openJax(backend)
  const { numpy: np, lax, jit, grad } = module
  const x = np.array(random(batch * side * side * channels)).reshape([batch, channels, side, side])
  const w = np
    .array(random((out * channels * kernel * kernel) / groups))
    .reshape([out, channels / groups, kernel, kernel])
  const dy = np.array(random(batch * after * after * out)).reshape([batch, out, after, after])
  /** @param {any} a @param {any} b */
  const conv = (a, b) =>
    lax.convGeneralDilated(
      a,
      b,
      [stride, stride],
      [
        [padding, padding],
        [padding, padding],
      ],
      { featureGroupCount: groups },
    )
  const forward = jit(conv)
  /** @param {any} a @param {any} b @param {any} d */
  const product = (a, b, d) => conv(a, b).mul(d).sum()
  const dx = jit(grad(product))
  const dw = jit(
    grad((/** @type {any} */ b, /** @type {any} */ a, /** @type {any} */ d) => product(a, b, d)),
  )
  /** @param {() => any} result */
  const run = result => async () => (await result().blockUntilReady()).dispose()
  return {
    version,
    forward: run(() => forward(x.ref, w.ref)),
    dx: run(() => dx(x.ref, w.ref, dy.ref)),
    dw: run(() => dw(w.ref, x.ref, dy.ref)),
  }
}

/**
 * The median of the repetitions, fewer where they take more than a second.
 * @param {() => Promise<void>} run
 */
const ms = async run => {
  try {
    await run()
    const times = []
    const began = performance.now()
    while (times.length < repetitions && performance.now() - began < 1000) {
      const start = performance.now()
      await run()
      times.push(performance.now() - start)
    }
    return times.sort((a, b) => a - b)[times.length >> 1]
  } catch {
    return null
  }
}

const backend = peer.split('-')[1] ?? ''
const { version, forward, dx, dw } = await (peer.startsWith('tfjs') ? tfjs(backend) : jax(backend))
const times = { forward: await ms(forward), dx: await ms(dx), dw: await ms(dw) }
console.log(JSON.stringify({ ...times, version }))
process.exit(0)
