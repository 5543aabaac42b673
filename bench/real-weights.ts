// Real weights on real images: `bun bench/real-weights.ts DATA_ROOT` prints what the networks reach beside what is published.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { batchFor, loadNetwork, putNetwork } from '../cli/network/load-network.ts'
import { scoresOf } from '../cli/predict/rank.ts'
import { moves } from '../kernels/moves.ts'
import { type DataSpec, parseDataSpec } from '../src/codec/data-spec.ts'
import { measure } from '../src/collapse/measure.ts'
import { faultOfMetric } from '../src/collapse/metric-error.ts'
import { type Fault, fault, showFault } from '../src/core/fault.ts'
import { findDataSet, openImages } from '../src/data/data-sets.ts'
import { streamImages } from '../src/data/image-stream.ts'
import type { Engine } from '../src/device/engine.ts'
import { openEngine } from '../src/device/open.ts'
import { imageFeed, infer, inferenceProgram } from '../src/train/infer.ts'
import { arraysWhere, type Network, storedName } from '../src/train/network.ts'

/** A network by name, its file of weights, what it sees, and which rows of that (all where left out). */
export interface Trial {
  readonly model: string
  readonly weights: string
  readonly data: string
  readonly split: 'train' | 'test' | null
  readonly rows?: (labels: Uint32Array) => Uint32Array
}

/** Logits [n, K], features [n, d] and labels [n] of the images that passed. */
export interface Passed {
  readonly logits: Float32Array
  readonly features: Float32Array
  readonly classes: number
  readonly labels: Uint32Array
}

/** The first `n` rows of each class. */
export const firstOfEach =
  (n: number) =>
  (labels: Uint32Array): Uint32Array => {
    const seen = new Map<number, number>()
    return Uint32Array.from(labels.keys()).filter(row => {
      const before = seen.get(labels[row] ?? 0) ?? 0
      seen.set(labels[row] ?? 0, before + 1)
      return before < n
    })
  }

const specOf = (text: string): TE.TaskEither<Fault, DataSpec> =>
  TE.fromEither(E.Bifunctor.mapLeft(parseDataSpec(text), what => fault(what, text, 'mend it')))

const dropNetwork = (engine: Engine, network: Network) => (): void =>
  engine.drop(arraysWhere(network, () => true).map(([path]) => storedName(network, path)))

/** Runs a trial on an engine. */
export const tryOut = (
  engine: Engine,
  { model, weights, data, split, rows }: Trial,
  dataRoot: string,
): TE.TaskEither<Fault, Passed> =>
  pipe(
    loadNetwork({ model, weights, head: 'keep', seed: 0 }),
    TE.bindTo('loaded'),
    TE.bind('spec', () => specOf(data)),
    TE.bind('set', ({ spec }) => TE.fromEither(findDataSet(spec))),
    TE.bind('source', ({ spec }) => openImages(spec, split, dataRoot)),
    TE.bind('alike', ({ set, source }) =>
      set._tag === 'Arrays' ? source.size(0) : TE.right(null),
    ),
    TE.bind('stream', ({ loaded: { prepare }, source, alike }) =>
      streamImages(source, prepare({ ...source, alike })),
    ),
    TE.chainFirst(({ loaded }) => putNetwork(engine, loaded)),
    TE.chain(({ loaded: { network }, stream }) => {
      const taken = rows?.(stream.labels) ?? Uint32Array.from(stream.labels.keys())
      const feed = imageFeed(stream, taken)
      const size = Math.min(batchFor(engine, network.model), taken.length)
      const { classes } = network.model
      const { width } = network.init
      const logits = new Float32Array(taken.length * classes)
      const features = new Float32Array(taken.length * width)
      const program = inferenceProgram(network, feed, size, pass => ({
        logits: pass.logits,
        features: pass.features,
      }))
      return pipe(
        infer(engine, program, feed, size, (outputs, first, n) => {
          logits.set(outputs.logits?.subarray(0, n * classes) ?? [], first * classes)
          features.set(outputs.features?.subarray(0, n * width) ?? [], first * width)
          return true
        }),
        TE.map(() => ({
          logits,
          features,
          classes,
          labels: taken.map(row => stream.labels[row] ?? 0),
        })),
        TE.chainFirstIOK(() => dropNetwork(engine, network)),
      )
    }),
  )

/** The trials of the public files, below a folder of data. */
export const trials = (root: string) => ({
  resnet20: {
    model: 'resnet20',
    weights: join(root, 'weights/resnet20-cifar10-akamaster.safetensors'),
    data: 'cifar10',
    split: 'test',
  } satisfies Trial,
  resnet18: {
    model: 'resnet18',
    weights: join(root, 'weights/resnet18-pqf-in1k.safetensors.gz'),
    data: `tar:${join(root, 'imagenet-samples/imagenet1000_256.tar')}`,
    split: null,
  } satisfies Trial,
  features: {
    model: 'resnet18',
    weights: join(root, 'weights/resnet18-pqf-in1k.safetensors.gz'),
    data: 'cifar10',
    split: 'train',
    rows: firstOfEach(200),
  } satisfies Trial,
})

/** nc1, cdnv and numerical rank of features. */
export const collapseOf = ({ features, labels }: Passed) =>
  pipe(
    measure({ data: features, n: labels.length, d: features.length / labels.length }, labels),
    E.mapLeft(faultOfMetric('features')),
  )

const say = (trial: string, figures: Readonly<Record<string, unknown>>): void =>
  console.log(JSON.stringify({ trial, ...figures }))

const figures = (engine: Engine, root: string) => {
  const { resnet20, resnet18, features } = trials(root)
  const scored = (name: string, trial: Trial, published: string) =>
    pipe(
      tryOut(engine, trial, root),
      TE.map(({ logits, classes, labels }) =>
        say(name, { n: labels.length, ...scoresOf(logits, classes, labels), published }),
      ),
    )
  return pipe(
    tryOut(engine, features, root),
    TE.chainEitherK(collapseOf),
    TE.map(({ n, nc1, cdnv, numericalRank }) =>
      say('resnet18 features of CIFAR-10', {
        n,
        nc1,
        cdnv,
        numericalRank,
        published: 'nc1 1.711, cdnv 2.983, numericalRank 1.334',
      }),
    ),
    TE.chain(() => scored('resnet20 on CIFAR-10', resnet20, 'accuracy 0.9170')),
    TE.chain(() =>
      scored(
        'resnet18 on ImageNet',
        resnet18,
        'accuracy 0.769, top5 0.937; torchvision on the same crops: 0.759, 0.930',
      ),
    ),
  )
}

if (import.meta.main) {
  const root = process.argv[2] ?? ''
  if (!existsSync(join(root, 'weights'))) {
    console.error('give a folder with weights/, cifar10/ and imagenet-samples/')
    process.exit(2)
  }
  const ended = await pipe(
    openEngine('auto', moves, { checked: false }),
    TE.chain(engine =>
      TE.bracket(
        TE.right(engine),
        e => figures(e, root),
        e => TE.fromIO(e.close),
      ),
    ),
  )()
  if (E.isLeft(ended)) console.error(showFault(ended.left))
  process.exitCode = E.isLeft(ended) ? 1 : 0
}
