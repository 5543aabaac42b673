// `collapse train` refuses bad input of every kind: one line, exit 2, no file.
// timeout: 180
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import { encodeIdx } from '../../src/codec/idx.ts'
import { nativeEngine, useEngines } from '../support/engines.ts'
import { assertRefused, workplace } from '../support/cli.ts'

const refusals = suite('collapse train refuses')
const place = workplace()
const leave = useEngines()
const adapter = (await nativeEngine()) !== null
await leave()

const write = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(place.path, name), content)
  return name
}

const files = (): ReadonlyArray<string> => readdirSync(place.path)

write('list.json', '[]')
write('cut.json', '{"version": 1, "dep')
write('key.json', '{"version": 1, "epoch": 3}')
write('version.json', '{"version": 9}')
write('value.json', '{"version": 1, "lr": -1}')
write('throws.ts', 'throw new Error("no luck")\n')
write('empty.ts', 'export const nothing = 1\n')
mkdirSync(join(place.path, 'taken'))
writeFileSync(join(place.path, 'taken', 'x'), '')
mkdirSync(join(place.path, 'data', 'mnist'), { recursive: true })
writeFileSync(
  join(place.path, 'data', 'mnist', 'train-images-idx3-ubyte'),
  encodeIdx({ shape: [3, 2, 2], bytes: new Uint8Array(12) }).subarray(0, 20),
)
writeFileSync(
  join(place.path, 'data', 'mnist', 'train-labels-idx1-ubyte'),
  encodeIdx({ shape: [3], bytes: new Uint8Array(3) }),
)

const bad: ReadonlyArray<readonly [string, ReadonlyArray<string>, RegExp]> = [
  ['an unknown flag', ['--depht', '3'], /unknown option '--depht' \(Did you mean --depth\?\)/],
  ['an argument', ['mnist'], /too many arguments for 'train'.*collapse train --help/],
  ['a flag without its value', ['--lr'], /option '--lr <x>' argument missing/],
  ['a word for a number', ['--depth', 'deep'], /--depth: "deep" given; give a whole number/],
  ['a number out of range', ['--lr-min', '-1'], /--lr-min: "-1" given; give a number of 0 or more/],
  ['an unknown model', ['--model', 'vgg'], /--model: unknown network 'vgg'; known are resnet18, /],
  ['an unknown loss', ['--loss', 'hinge'], /--loss: "hinge" given; give one of ce, mse/],
  ['an unknown device', ['--device', 'tpu'], /--device: "tpu" given; give one of auto/],
  ['an unknown data set', ['--data', 'mnits'], /unknown data set 'mnits'; did you mean 'mnist'/],
  ['an unknown key of data', ['--data', 'mnist?k=1'], /--data: unknown key 'k'/],
  ['a class that is not there', ['--data', 'mnist?classes=9-10'], /no class 10; classes are 0-9/],
  ['too many images', ['--data', 'mnist?perClass=6000'], /class 0 has 5923 samples, not 6000/],
  ['a truncated data file', ['--data-root', 'data'], /train-images-idx3-ubyte: .* truncated/],
  ['a missing config', ['--config', 'no.json'], /no\.json: no such file/],
  ['a config that is no JSON', ['--config', 'cut.json'], /cut\.json: not JSON/],
  ['a config that is a list', ['--config', 'list.json'], /list\.json: \[\] given/],
  ['an unknown key of a config', ['--config', 'key.json'], /unknown key 'epoch' \(did you mean/],
  ['another version', ['--config', 'version.json'], /version\.json, version: 9 given; give 1/],
  ['a bad value in a config', ['--config', 'value.json'], /value\.json, lr: -1 given/],
  ['an unknown activation', ['--activation', 'gelu'], /unknown activation 'gelu'; did you mean/],
  ['a missing plugin', ['--plugin', 'no.ts'], /no\.ts: no such file/],
  ['a plugin that throws', ['--plugin', 'throws.ts'], /throws\.ts: cannot be loaded \(no luck\)/],
  ['a plugin without ops', ['--plugin', 'empty.ts'], /empty\.ts: .*op/],
  ['a folder that is taken', ['--out', 'taken'], /taken: the folder is not empty/],
  ['a run that is not there', ['--resume', 'no'], /no\/config\.json: no such file/],
  ['settings of another run', ['--resume', 'no', '--lr', '1'], /--lr: a resumed run keeps its own/],
  ['a seed of another run', ['--resume', 'no', '--seed', '1'], /--seed: a resumed run keeps/],
  [
    'a network past all memory',
    ['--depth', '1000', '--width', '9000', '--device', 'cpu', '--quiet'],
    /model mlp: needs .* this machine has/,
  ],
]

for (const [name, args, said] of bad) {
  refusals(name, async () => {
    const before = files()
    assertRefused(await place.run('train', ...args), said, place.path, before)
  })
}

const device = adapter ? refusals : refusals.skip

device('a network past what the machine holds', async () => {
  const args = ['--width', '60000', '--device', 'webgpu', '--quiet']
  const said = /model mlp: needs .* GiB at least, and this machine has .*; lower --width or --depth/
  const before = files()
  assertRefused(await place.run('train', ...args), said, place.path, before)
})

device('a plugin with invalid WGSL', async () => {
  write(
    'broken.ts',
    `import * as E from 'fp-ts/Either'
import { defineOp, input, output } from 'collapse'

export const broken = defineOp({
  name: 'broken',
  infer: ([x]) => (x === undefined ? E.left('needs one array') : E.right([x])),
  lower: () => [
    {
      label: 'broken',
      shader: '@compute @workgroup_size(1) fn main() { let x: f32 = true; }',
      constants: {},
      uniform: [],
      bindings: [input(0), output()],
      workgroups: [1, 1, 1],
    },
  ],
  vjp: ({ args }, [ct]) => args.map(() => ct),
  oracle: ([x]) => [x],
})
`,
  )
  const args = ['--plugin', 'broken.ts', '--activation', 'broken', '--device', 'webgpu', '--quiet']
  const before = files()
  const said = /op broken, shader broken: the shader does not compile: .* cannot initialize/
  const small = ['--data', 'mnist?perClass=2', '--depth', '2', '--width', '4']
  assertRefused(await place.run('train', ...args, ...small), said, place.path, before)
})

refusals.after(place.remove)
refusals.run()
