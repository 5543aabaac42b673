// Layer-wise transfer: a classifier on every layer of a frozen network, all trained in one run of the data (Figures 7, 8).
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import * as TE from 'fp-ts/TaskEither'
import type { MeasureReport, MetricName } from '../collapse/measure.ts'
import type { Fault } from '../core/fault.ts'
import type { OnTable } from '../data/measure-each.ts'
import type { Engine } from '../device/engine.ts'
import type { Contents, Network } from '../train/network.ts'
import { always, type OnStep } from '../train/run.ts'
import { asClassifier } from './measure-tuned.ts'
import {
  type HeadHooks,
  type HeadRecipe,
  type HeadsEpoch,
  type TrainedHeads,
  trainHeads,
} from './probe-epochs.ts'
import { type LayerTable, measureTables, readLayers, type Tokens } from './probe-features.ts'
import type { Splits } from './target.ts'
import type { TransferEpoch } from './transfer.ts'

/** As a transfer's recipe for the classifiers; `imageBatch` images at a time pass the network, `testBatch` rows a classifier. */
export interface ProbeRecipe extends HeadRecipe {
  readonly imageBatch: number
  readonly tokens?: Tokens
}

/**
 * A classifier on one layer: `unit` is its number from 1, null for the classifier's input. Accuracies are shares in [0, 1],
 * on the test split those of the last scored epoch and of the best, null where none was scored. `metrics` are of the layer's
 * features on the training split, with the new classifier where it was trained to the end. `lost` is the epoch in which its
 * loss was no longer finite, null else; the epochs end before it.
 */
export interface LayerProbe {
  readonly layer: string
  readonly unit: number | null
  readonly width: number
  readonly testAccuracy: number | null
  readonly bestAccuracy: number | null
  readonly trainAccuracy: number
  readonly metrics: MeasureReport
  /** The classifier's arrays by path, and how many numbers they hold. */
  readonly head: Contents
  readonly parameters: number
  readonly epochs: ReadonlyArray<TransferEpoch>
  readonly lost: number | null
}

/** All layers; `whole` is false where the training was stopped. Time and bytes are of steps that train all of them. */
export interface ProbedUnits {
  readonly layers: ReadonlyArray<LayerProbe>
  readonly whole: boolean
  readonly seconds: number
  readonly imagesPerSecond: number
  readonly bytes: TrainedHeads['bytes']
}

/** A layer before any training. */
export interface MeasuredLayer extends Pick<LayerTable, 'name' | 'unit' | 'width'> {
  readonly metrics: MeasureReport
}

/** What the caller does on the way. `onRows` counts images, `onTable` layers that are measured; `false` stops there. */
export interface ProbeHooks extends HeadHooks {
  readonly onRows?: OnStep
  readonly onTable?: OnTable
  readonly onMeasured?: (layers: ReadonlyArray<MeasuredLayer>) => void
}

const hasLoss = ({ loss }: TransferEpoch): boolean => Number.isFinite(loss)

const epochOf =
  (i: number) =>
  ({ train, test, ...rest }: HeadsEpoch): TransferEpoch => ({
    ...rest,
    loss: train[i]?.loss ?? Number.NaN,
    trainAccuracy: train[i]?.accuracy ?? Number.NaN,
    testAccuracy: test?.[i]?.accuracy ?? null,
  })

const layerOf =
  (trained: TrainedHeads) =>
  ({ name, unit, width, metrics }: MeasuredLayer, i: number): LayerProbe => {
    const all = trained.epochs.map(epochOf(i))
    const lost = all.find(epoch => !hasLoss(epoch))?.epoch ?? null
    const epochs = all.filter(({ epoch }) => lost === null || epoch < lost)
    const scored = epochs.flatMap(({ testAccuracy }) => testAccuracy ?? [])
    const head = trained.heads[i] ?? {}
    return {
      ...{ layer: name, unit, width, metrics, head, epochs, lost },
      testAccuracy: scored.at(-1) ?? null,
      bestAccuracy: scored.length === 0 ? null : Math.max(...scored),
      trainAccuracy: epochs.at(-1)?.trainAccuracy ?? Number.NaN,
      parameters: Object.values(head).reduce((n, { length }) => n + length, 0),
    }
  }

/** The metrics that need a classifier. */
const ofClassifier: ReadonlyArray<MetricName> = ['selfDuality', 'nccMismatch']

/** Adds to the metrics those of the trained classifiers; without them where `onTable` stopped it. */
const withClassifiers = (
  tables: ReadonlyArray<LayerTable>,
  labels: Uint32Array,
  layers: ReadonlyArray<LayerProbe>,
  { onTable }: ProbeHooks,
): TE.TaskEither<Fault, ReadonlyArray<LayerProbe>> =>
  pipe(
    measureTables(
      tables,
      labels,
      layers.map(({ head, lost }) => (lost === null ? asClassifier(head) : undefined)),
      ofClassifier,
      onTable,
    ),
    TE.map(
      O.match(
        () => layers,
        reports =>
          layers.map((layer, i) => {
            const { selfDuality = null, nccMismatch = null } = reports[i] ?? {}
            return { ...layer, metrics: { ...layer.metrics, selfDuality, nccMismatch } }
          }),
      ),
    ),
  )

const conclude = (
  tables: ReadonlyArray<LayerTable>,
  labels: Uint32Array,
  measured: ReadonlyArray<MeasuredLayer>,
  trained: TrainedHeads,
  hooks: ProbeHooks,
): TE.TaskEither<Fault, O.Option<ProbedUnits>> => {
  const { epochs, whole, bytes } = trained
  if (epochs.length === 0) return TE.right(O.none)
  const seconds = epochs.reduce((sum, epoch) => sum + epoch.seconds, 0)
  const layers = measured.map(layerOf(trained))
  return pipe(
    whole ? withClassifiers(tables, labels, layers, hooks) : TE.right(layers),
    TE.map(all =>
      O.some({
        ...{ layers: all, whole, seconds, bytes },
        imagesPerSecond: (epochs.length * labels.length) / seconds,
      }),
    ),
  )
}

const probeTables = (
  engine: Engine,
  network: Network,
  { train, test }: Splits,
  recipe: ProbeRecipe,
  hooks: ProbeHooks,
  tables: ReadonlyArray<LayerTable>,
): TE.TaskEither<Fault, O.Option<ProbedUnits>> => {
  const { head } = network.model
  const labels = { train: train.labels, test: test.labels }
  const task = { tables, labels, ...(head === undefined ? {} : { head }) }
  return pipe(
    measureTables(tables, labels.train, [], undefined, hooks.onTable),
    TE.chain(reports => {
      if (O.isNone(reports)) return TE.right(O.none)
      const measured = reports.value.map((metrics, i): MeasuredLayer => {
        const { name = '', unit = null, width = 0 } = tables[i] ?? {}
        return { name, unit, width, metrics }
      })
      hooks.onMeasured?.(measured)
      return pipe(
        trainHeads(engine, task, recipe, hooks),
        TE.chain(trained => conclude(tables, labels.train, measured, trained, hooks)),
      )
    }),
  )
}

/**
 * Trains the network's own kind of classifier, anew for the training split's classes, on the output of every fine-tuning
 * unit and on the classifier's input. The network stays frozen in evaluation mode: features are computed once, then every
 * step takes one batch of rows for all classifiers, each of which gets what it would get alone, that of the classifier's
 * input what a transfer's linear probe gets. The network's arrays must be in the store. Stopped after an epoch it gives the
 * epochs before; none where it was stopped earlier.
 */
export const probeUnits = (
  engine: Engine,
  network: Network,
  splits: Splits,
  recipe: ProbeRecipe,
  hooks: ProbeHooks,
): TE.TaskEither<Fault, O.Option<ProbedUnits>> => {
  const { imageBatch, tokens = 'mean' } = recipe
  return pipe(
    readLayers(engine, network, splits, imageBatch, tokens, hooks.onRows ?? always),
    TE.chain(
      O.match(
        () => TE.right(O.none),
        tables => probeTables(engine, network, splits, recipe, hooks, tables),
      ),
    ),
  )
}
