// Plugins: what counts as an op, and one clear line for everything that does not.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { relu } from '../../kernels/relu.ts'
import { scale } from '../../kernels/scale.ts'
import { decodePlugin, loadPlugin, type PluginOp } from '../../src/codec/plugin.ts'
import { type Fault, showFault } from '../../src/core/fault.ts'

const decode = decodePlugin('my.ts')
const names = (found: E.Either<Fault, ReadonlyArray<PluginOp>>) =>
  E.isRight(found) ? found.right.map(({ op, attrs }) => [op.name, attrs]) : showFault(found.left)

const decoding = suite('decodePlugin')

decoding('takes the array ops, bare and with attributes', () => {
  const ops = [relu, { op: scale, attrs: { factor: 2 } }]
  assert.equal(names(decode({ ops, other: scale })), [
    ['relu', null],
    ['scale', { factor: 2 }],
  ])
})

decoding('takes named exports that are ops and passes over the rest', () => {
  assert.equal(names(decode({ relu, helper: () => 1, text: 'x', number: 3 })), [['relu', null]])
})

decoding('says which function of an op is missing', () => {
  const { vjp, ...rest } = relu
  assert.is(names(decode({ rest })), 'my.ts, rest, vjp: nothing given; give a function')
  for (const field of ['fuse', 'flops', 'split', 'expand', 'again']) {
    const said = names(decode({ relu: { ...relu, [field]: 3 } }))
    assert.is(said, `my.ts, relu, ${field}: 3 given; give a function`)
  }
  assert.is(
    names(decode({ ops: [{ op: { ...relu, name: '' }, attrs: 1 }] })),
    'my.ts, ops.0.op, name: "" given; give text',
  )
  assert.type(vjp, 'function')
})

decoding('refuses a module without ops, ops that are no array, and two ops of one name', () => {
  assert.match(String(names(decode({ helper: 1 }))), /exports no op/)
  assert.match(String(names(decode({ ops: [] }))), /exports no op/)
  assert.match(String(names(decode({ ops: relu }))), /'ops' is no array/)
  assert.match(String(names(decode({ relu, again: relu }))), /two ops are named 'relu'/)
})

decoding.run()

const loading = suite('loadPlugin')
let folder = ''

loading.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plugin-'))
})
loading.after(() => rm(folder, { recursive: true }))

const written = async (name: string, text: string): Promise<string> => {
  const file = join(folder, name)
  await Bun.write(file, text)
  return file
}

loading('runs a module from anywhere on the disk', async () => {
  const f = '() => []'
  const file = await written(
    'good.ts',
    `export const mine = { name: 'mine' as string, infer: ${f}, lower: ${f}, vjp: ${f}, oracle: ${f} }`,
  )
  assert.equal(names(await loadPlugin(file)()), [['mine', null]])
})

loading(
  'gives a module anywhere this package and its fp-ts, not strangers of their names',
  async () => {
    const file = await written(
      'ours.ts',
      `import { defineOp, relu } from 'collapse'
import * as E from 'fp-ts/Either'
import * as O from 'fp-ts/Option'
export const mine = defineOp({
  ...relu,
  name: 'mine',
  infer: () => E.left('none'),
  vjp: () => [O.none],
})`,
    )
    const found = await loadPlugin(file)()
    assert.equal(names(found), [['mine', null]])
    const op = E.isRight(found) ? found.right[0]?.op : undefined
    assert.equal(op?.infer([], null), E.left('none'))
    assert.is(op?.oracle, relu.oracle)
  },
)

loading('gives one line for a missing file, a syntax error and a module that throws', async () => {
  const missing = join(folder, 'none.ts')
  assert.match(String(names(await loadPlugin(missing)())), /none\.ts: no such file; /)
  const broken = await written('broken.ts', 'export const = 3')
  assert.match(String(names(await loadPlugin(broken)())), /broken\.ts: cannot be loaded \(.+\); /)
  const throwing = await written('throwing.ts', "throw new Error('no\\nway')")
  assert.match(
    String(names(await loadPlugin(throwing)())),
    /throwing\.ts: cannot be loaded \(no\);/,
  )
})

loading.run()
