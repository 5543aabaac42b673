// A JavaScript peer's side of bench/networks.ts: a forward pass of ResNet-18 or ViT-B/32 at 224 px with random weights,
// batch norm folded into the convolutions. Prints one JSON line; ms is null where the peer cannot run the network.
// Usage: bun infer.mjs tfjs-wasm|tfjs-webgpu|jax-wasm|jax-webgpu resnet18|vit_b_32 BATCH RUNS
import { jaxOps } from './jax-ops.mjs'
import { tfjsOps } from './tfjs-ops.mjs'

/** @typedef {import('./ops.d.ts').Ops} Ops */
/** @typedef {import('./ops.d.ts').Layer} Layer */

const [peer = '', network = '', batchText = '8', runsText = '3'] = process.argv.slice(2)
const [batch, runs] = [Number(batchText), Number(runsText)]
const [TOKENS, WIDTH, HIDDEN] = [50, 768, 3072]

/** @param {Ops} on @param {number} from @param {number} to @param {number} stride @returns {Layer} */
const basicBlock = (on, from, to, stride) => {
  const first = on.conv(from, to, 3, stride, 1, 'relu')
  const second = on.conv(to, to, 3, 1, 1, 'linear')
  const shortcut =
    from === to ? (/** @type {any} */ x) => x : on.conv(from, to, 1, stride, 0, 'linear')
  return x => on.addRelu(second(first(on.use(x))), shortcut(x))
}

/** @param {Ops} on @returns {Layer} */
const resnet18 = on => {
  const stem = on.conv(3, 64, 7, 2, 3, 'relu')
  const blocks = [64, 128, 256, 512].flatMap((to, i) => [
    basicBlock(on, i === 0 ? 64 : to / 2, to, i === 0 ? 1 : 2),
    basicBlock(on, to, to, 1),
  ])
  const head = on.linear(512, 1000)
  return x => head(on.average(blocks.reduce((y, block) => block(y), on.maxPool(stem(x)))))
}

/** @param {Ops} on @returns {Layer} */
const encoderLayer = on => {
  const [norm1, norm2] = [on.norm(), on.norm()]
  const [q, k] = [on.linear(WIDTH, WIDTH), on.linear(WIDTH, WIDTH)]
  const [v, out] = [on.linear(WIDTH, WIDTH), on.linear(WIDTH, WIDTH)]
  const [up, down] = [on.linear(WIDTH, HIDDEN), on.linear(HIDDEN, WIDTH)]
  return x => {
    const unit = norm1(on.use(x))
    const y = on.add(out(on.attend(q(on.use(unit)), k(on.use(unit)), v(unit))), x)
    return on.add(down(on.gelu(up(norm2(on.use(y))))), y)
  }
}

/** @param {Ops} on @returns {Layer} */
const vit = on => {
  const patches = on.conv(3, WIDTH, 32, 32, 0, 'linear')
  const [first, places] = [on.make([1, 1, WIDTH], 1), on.make([1, TOKENS, WIDTH], 1)]
  const layers = Array.from({ length: 12 }, () => encoderLayer(on))
  const [norm, head] = [on.norm(), on.linear(WIDTH, 1000)]
  return x => {
    const tokens = on.tokens(patches(x), first, places)
    return head(on.classToken(norm(layers.reduce((y, layer) => layer(y), tokens))))
  }
}

/** @param {() => Promise<void>} run */
const median = async run => {
  await run()
  const times = []
  for (let i = 0; i < runs; i++) {
    const start = performance.now()
    await run()
    times.push(performance.now() - start)
  }
  return times.sort((a, b) => a - b)[runs >> 1]
}

const backend = peer.split('-')[1] ?? ''
const on = await (peer.startsWith('tfjs') ? tfjsOps : jaxOps)(backend, {
  batch,
  tokens: TOKENS,
  width: WIDTH,
  heads: 12,
})
try {
  const forward = network === 'resnet18' ? resnet18(on) : vit(on)
  console.log(JSON.stringify({ ms: await median(on.run(forward)), version: on.version }))
} catch (error) {
  console.error(error)
  console.log(JSON.stringify({ ms: null, version: on.version }))
}
process.exit(0)
