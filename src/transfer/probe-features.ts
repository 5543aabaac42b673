// Features of every layer of a frozen network on both splits, and how collapsed they are.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import * as TE from 'fp-ts/TaskEither'
import { type Classifier, classIds } from '../collapse/features.ts'
import type { MeasureReport, MetricName } from '../collapse/measure.ts'
import { faultOfMetric } from '../collapse/metric-error.ts'
import { type Fault, fault } from '../core/fault.ts'
import type { Rows } from '../data/feature-source.ts'
import { measureEach, type OnTable } from '../data/measure-each.ts'
import type { Engine } from '../device/engine.ts'
import { crossEntropy } from '../losses/losses.ts'
import { average, type Model, type Pooling } from '../models/model.ts'
import { classToken } from '../models/vit.ts'
import { type LayerTap, layerTaps } from '../train/layer-taps.ts'
import type { Network } from '../train/network.ts'
import type { OnStep } from '../train/run.ts'
import { dropSamples, putSamples, type Samples } from '../train/samples.ts'
import type { Table } from './probe-heads.ts'
import { readAll } from './read-all.ts'
import { type Reading, rowsName } from './readings.ts'
import type { Splits } from './target.ts'

/** What of a vision transformer's tokens is a unit's feature: the mean of all, the class token among them, or that alone. */
export type Tokens = 'mean' | 'class'

/** A layer's features; `unit` is its number from 1, null for the classifier's input. */
export interface LayerTable extends Table, Pick<LayerTap, 'unit'> {}

const poolingOf = ({ name, pool }: Model, tokens: Tokens): E.Either<Fault, Pooling> => {
  if (tokens === 'mean') return E.right(average)
  return pool === undefined
    ? E.left(fault(`${name} has no class token`, '--tokens', 'leave it out'))
    : E.right(classToken)
}

const readSplit = (
  engine: Engine,
  network: Network,
  samples: Samples,
  batch: number,
  taps: ReadonlyArray<LayerTap>,
  onRows: OnStep,
): TE.TaskEither<Fault, ReadonlyMap<string, Float32Array>> => {
  const readings = taps.map(
    ({ name, width, value }): Reading => ({
      name: rowsName(name),
      bytes: 4 * width * samples.count,
      value,
    }),
  )
  const pass = { network, samples, batch, loss: crossEntropy, from: 0 }
  return pipe(
    putSamples(engine, samples),
    TE.chain(() => readAll(engine, pass, readings, [], onRows)),
    TE.chainFirstIOK(() => () => dropSamples(engine, samples)),
  )
}

/** The layers whose features are read: the fine-tuning units, and the classifier's input; a fault for tokens that are not there. */
export const probedLayers = (
  network: Network,
  tokens: Tokens,
): E.Either<Fault, ReadonlyArray<LayerTap>> =>
  pipe(
    poolingOf(network.model, tokens),
    E.map(pool => layerTaps(network, 'all', pool)),
  )

/**
 * Rows [count, width] of every fine-tuning unit's output, averaged over its places, and of the classifier's input, on both
 * splits: one forward pass in evaluation mode over each as long as the rows fit in 1 GiB. The network's arrays must be in
 * the store. `onRows` counts images of both splits, each pass as a part of them where there are several; none where it
 * stopped the reading.
 */
export const readLayers = (
  engine: Engine,
  network: Network,
  { train, test }: Splits,
  batch: number,
  tokens: Tokens,
  onRows: OnStep,
): TE.TaskEither<Fault, O.Option<ReadonlyArray<LayerTable>>> => {
  let whole = true
  const split = (samples: Samples, taps: ReadonlyArray<LayerTap>, before: number) => {
    const share = (done: number, total: number): number => before + (done * samples.count) / total
    return readSplit(engine, network, samples, batch, taps, (done, total) => {
      whole = onRows(Math.round(share(done, total)), train.count + test.count)
      return whole
    })
  }
  const none = new Float32Array(0)
  return pipe(
    TE.fromEither(probedLayers(network, tokens)),
    TE.bindTo('taps'),
    TE.bind('onTrain', ({ taps }) => split(train, taps, 0)),
    TE.bind('onTest', ({ taps }) =>
      whole
        ? split(test, taps, train.count)
        : TE.right<Fault, ReadonlyMap<string, Float32Array>>(new Map()),
    ),
    TE.map(({ taps, onTrain, onTest }) =>
      whole
        ? O.some(
            taps.map(({ name, unit, width }) => ({
              ...{ name, unit, width },
              train: onTrain.get(rowsName(name)) ?? none,
              test: onTest.get(rowsName(name)) ?? none,
            })),
          )
        : O.none,
    ),
  )
}

/** Rows where threads share them. */
const heldRows = ({ name, width, train }: Table): Rows => {
  const held = new Float32Array(new SharedArrayBuffer(train.byteLength))
  held.set(train)
  return {
    ...{ path: `layer ${name}`, held, dtype: 'F32', fortran: false },
    ...{ n: train.length / width, d: width },
  }
}

/**
 * Every metric of the tables' training rows, or `only` some, with a classifier for each where there is one; the layers are
 * shared out to threads. None where `onTable` stopped it.
 */
export const measureTables = (
  tables: ReadonlyArray<Table>,
  labels: Uint32Array,
  classifiers: ReadonlyArray<Classifier | undefined>,
  only?: ReadonlyArray<MetricName>,
  onTable: OnTable = () => true,
): TE.TaskEither<Fault, O.Option<ReadonlyArray<MeasureReport>>> =>
  pipe(
    TE.fromEither(pipe(classIds(labels), E.mapLeft(faultOfMetric('labels')))),
    TE.chain(({ ids, classes }) =>
      measureEach(
        tables.map((table, i) => ({
          ...{ rows: heldRows(table), ids, classes },
          classifier: classifiers[i] ?? null,
        })),
        { ...(only === undefined ? {} : { only }), onTable },
      ),
    ),
  )
