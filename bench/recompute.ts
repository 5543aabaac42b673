// What recomputation saves: planned bytes and operations of a training step of whole networks. Nothing runs.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { moves } from '../kernels/moves.ts'
import { showFault } from '../src/core/fault.ts'
import type { Engine } from '../src/device/engine.ts'
import { crossEntropy } from '../src/losses/losses.ts'
import { modelNamed } from '../src/models/registry.ts'
import { sgd } from '../src/optim/optimizer.ts'
import { makePlan } from '../src/plan/plan.ts'
import { networkOf } from '../src/train/network.ts'
import { trainingProgram } from '../src/train/programs.ts'
import type { Recompute } from '../src/train/recompute.ts'
import { type BenchOptions, withEngine } from './harness.ts'
import { type BenchResult, deviceFigures, type Figures, today, versionFigures } from './result.ts'
import { randomImages } from './trial.ts'

const works = [
  ['resnet18-cifar', 128],
  ['resnet50', 32],
  ['densenet121', 32],
  ['mobilenet_v2', 32],
  ['vit_b_32', 32],
] as const

const planOf = (engine: Engine, name: string, batch: number, recompute: Recompute) => {
  const model = modelNamed(name)
  if (model === undefined) throw new Error(`no network ${name}`)
  const samples = randomImages(model, 1)
  const plan = pipe(
    networkOf(model, 'bench'),
    E.map(network => ({ network, samples, batch, loss: crossEntropy, from: 0, recompute })),
    E.chain(pass => trainingProgram({ ...pass, trains: () => true, optimizer: sgd })),
    E.chain(makePlan(moves, engine.target)),
  )
  if (E.isLeft(plan)) throw new Error(showFault(plan.left))
  const { bytes, calls } = plan.right
  return { arenas: bytes.arenas, flops: calls.reduce((sum, call) => sum + call.flops, 0) }
}

const MIB = 2 ** 20

/** Arenas hold activations, gradients in flight and scratch; products are what `none` does times so many. */
const rowOf = (engine: Engine, name: string, batch: number): Figures => {
  const [none, cheap, blocks] = (['none', 'cheap', 'blocks'] as const).map(how =>
    planOf(engine, name, batch, how),
  )
  if (none === undefined || cheap === undefined || blocks === undefined) return {}
  return {
    work: `${name}, batch ${batch}, training step`,
    'MiB, none': none.arenas / MIB,
    'MiB, cheap': cheap.arenas / MIB,
    'MiB, blocks': blocks.arenas / MIB,
    'bytes, cheap / none': cheap.arenas / none.arenas,
    'bytes, blocks / none': blocks.arenas / none.arenas,
    'products, blocks / none': blocks.flops / none.flops,
  }
}

/** Bytes of the arenas by what is computed again, for the kernels of this adapter. */
export const benchRecompute = ({ opening }: BenchOptions): Promise<BenchResult> =>
  withEngine(
    engine =>
      Promise.resolve({
        bench: 'recompute',
        date: today(),
        device: deviceFigures(engine.info),
        versions: versionFigures(),
        rows: works.map(([name, batch]) => rowOf(engine, name, batch)),
      }),
    opening,
  )
