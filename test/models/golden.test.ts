// timeout: 300
// Every network against PyTorch: logits, loss, every gradient, every parameter and running moment after one step of SGD.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Data } from '../../src/core/aval.ts'
import { cpuEngine } from '../../src/device/cpu.ts'
import { densenet } from '../../src/models/densenet.ts'
import { mobilenet } from '../../src/models/mobilenet.ts'
import type { Model } from '../../src/models/model.ts'
import { modelNamed } from '../../src/models/registry.ts'
import { vit } from '../../src/models/vit.ts'
import { nativeEngine, useEngines } from '../support/engines.ts'
import { goldenRun, spread } from '../support/golden-network.ts'
import golden from '../golden/networks.json'

type Summary = ReadonlyArray<number>

interface Golden {
  readonly size: number
  readonly batch: number
  readonly logits: ReadonlyArray<number>
  readonly evaluated: ReadonlyArray<number>
  readonly loss: number
  readonly gradients: Readonly<Record<string, Summary>>
  readonly stepped: Readonly<Record<string, Summary>>
}

const classes = 7

const made: Readonly<Record<string, (size: number) => Model | undefined>> = {
  densenet: size => densenet({ size, classes, growth: 8, stages: [2, 3, 2, 2] }),
  mobilenet: size =>
    mobilenet({
      size,
      classes,
      dropout: 0,
      stages: [
        [1, 16, 1, 1],
        [6, 24, 2, 2],
        [6, 32, 2, 2],
      ],
    }),
  vit: size =>
    vit({ name: 'vit', size, classes, patch: 16, width: 32, depth: 2, heads: 4, hidden: 48 }),
}

const norm = (xs: Iterable<number>): number => Math.sqrt([...xs].reduce((s, x) => s + x * x, 0))

/** Distance of two arrays, relative to the second. */
const relative = (found: ArrayLike<number>, wanted: ReadonlyArray<number>): number =>
  norm(wanted.map((w, i) => w - (found[i] ?? Number.NaN))) / norm(wanted)

/** Distance of an array from one that is known by projections on random vectors of variance 1/3, one a row. */
const distance = (path: string, found: Data, [, ...rows]: Summary): number =>
  norm(
    rows.map((wanted, k) => {
      const vector = spread(`${path}#${k}`, found.length)
      return vector.reduce((sum, v, i) => sum + v * (found[i] ?? 0), 0) - wanted
    }),
  ) * Math.sqrt(3 / rows.length)

/** The largest distance, each relative to its array's norm, or to a thousandth of the largest norm where it is less. */
const worst = (
  wanted: Readonly<Record<string, Summary>>,
  found: (path: string) => Data | undefined,
): readonly [string, number] => {
  const least = 1e-3 * Math.max(...Object.values(wanted).map(([n = 0]) => n))
  const all = Object.entries(wanted).map(([path, summary]): readonly [string, number] => [
    path,
    distance(path, found(path) ?? new Float32Array(0), summary) / Math.max(summary[0] ?? 0, least),
  ])
  return all.reduce((a, b) => (b[1] > a[1] || Number.isNaN(b[1]) ? b : a))
}

const test = suite('networks against PyTorch')
const leave = useEngines()
const native = await nativeEngine()

const compare = async (name: string, { size, batch, ...wanted }: Golden): Promise<void> => {
  const model = made[name]?.(size) ?? modelNamed(name, { size, classes })
  if (model === undefined) throw new Error(`no network ${name}`)
  const engine = native ?? cpuEngine()
  const { outputs, stepped } = await goldenRun(engine, model, batch, size)
  const forward = {
    logits: relative(outputs.logits ?? [], wanted.logits),
    evaluated: relative(outputs.evaluated ?? [], wanted.evaluated),
    loss: relative(outputs.loss ?? [], [wanted.loss]),
  }
  const [gradient, gradientError] = worst(wanted.gradients, path => outputs[`grad ${path}`])
  const [array, stepError] = worst(wanted.stepped, path => stepped[path])
  const said = `${JSON.stringify(forward)}, gradient of ${gradient} ${gradientError}, step of ${array} ${stepError}`
  if (process.env.COLLAPSE_SHOW !== undefined) console.log(name, said)
  assert.ok(Math.max(forward.logits, forward.evaluated, forward.loss) < 1e-4, said)
  assert.ok(gradientError < 1e-3, said)
  assert.ok(stepError < 1e-4, said)
}

/** On the host alone only the small networks. */
const small = ['resnet20', 'densenet', 'mobilenet', 'vit']

for (const [name, wanted] of Object.entries(golden.networks)) {
  if (native === null && !small.includes(name)) continue
  test(`${name}: the same logits, loss, gradients and step`, () => compare(name, wanted))
}
test.after(leave)
test.run()
