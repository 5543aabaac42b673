// Every metric at every layer of a network, from one forward pass over labelled images.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import * as RA from 'fp-ts/ReadonlyArray'
import * as TE from 'fp-ts/TaskEither'
import { type ClassIds, type Classifier, classIds } from '../collapse/features.ts'
import type { LayerReport } from '../collapse/layer-report.ts'
import { faultOfMetric } from '../collapse/metric-error.ts'
import type { Fault } from '../core/fault.ts'
import type { Rows } from '../data/feature-source.ts'
import { openSpool, type Spool, type SpoolOptions } from '../data/feature-spool.ts'
import { measureEach } from '../data/measure-each.ts'
import type { MeasureRowsOptions } from '../data/measure-file.ts'
import type { Engine } from '../device/engine.ts'
import { headName } from '../models/model.ts'
import { type Feed, infer, inferenceProgram } from './infer.ts'
import {
  type LayerTap,
  layerTaps,
  type PoolName,
  poolingNamed,
  type WhichLayers,
} from './layer-taps.ts'
import type { Contents, Network } from './network.ts'

/** A network with its contents, and labelled images, one class id each. */
export interface LayersInput {
  readonly network: Network
  readonly contents: Contents
  readonly feed: Feed
  readonly labels: Uint32Array
}

/** Told of `done` of `total` images read, then of layers measured; `false` stops there. */
export type OnLayers = (phase: 'images' | 'layers', done: number, total: number) => boolean

/** Which layers, how pooled, `batch` images at a time; how to measure, and where features wait that do not fit in memory. */
export interface LayersOptions extends Omit<MeasureRowsOptions, 'onRows'> {
  readonly layers: WhichLayers
  readonly pool: PoolName
  readonly batch: number
  readonly spool?: SpoolOptions
  readonly onProgress?: OnLayers
}

const goOn: OnLayers = () => true

/** The classifier, where it is one matrix for as many classes as the data has. */
const classifierOf = (
  { network: { model }, contents }: LayersInput,
  classes: number,
): Classifier | null => {
  const named = (end: string) =>
    Object.entries(contents).find(
      ([path]) => path.startsWith(`${headName(model)}.`) && path.endsWith(end),
    )?.[1]
  const [weight, bias] = [named('weight'), named('bias')]
  if (model.classes !== classes || weight === undefined) return null
  return bias === undefined ? { weight } : { weight, bias }
}

const readLayers = (
  engine: Engine,
  { network, feed }: LayersInput,
  { batch, onProgress = goOn }: LayersOptions,
  taps: ReadonlyArray<LayerTap>,
  spool: Spool,
): TE.TaskEither<Fault, boolean> => {
  const program = inferenceProgram(network, feed, batch, pass =>
    Object.fromEntries(taps.map(({ name, value }) => [name, value(pass)])),
  )
  const none = new Float32Array(0)
  onProgress('images', 0, feed.count)
  return pipe(
    infer(
      engine,
      program,
      feed,
      batch,
      (outputs, first, count) => {
        const rows = taps.map(({ name }) => outputs[name])
        spool.add(
          rows.map(found => (found instanceof Float32Array ? found : none)),
          first,
          count,
        )
        return onProgress('images', first + count, feed.count)
      },
      spool.settled,
    ),
    TE.map(done => done === feed.count),
  )
}

const measureTaps =
  (
    input: LayersInput,
    { conventions, only, workers, onProgress = goOn }: LayersOptions,
    taps: ReadonlyArray<LayerTap>,
    tables: ReadonlyArray<Rows>,
  ) =>
  ({ ids, classes }: ClassIds): TE.TaskEither<Fault, O.Option<ReadonlyArray<LayerReport>>> => {
    const sources = tables.map((rows, i) => ({
      rows,
      ids,
      classes,
      classifier: taps[i]?.unit === null ? classifierOf(input, classes) : null,
    }))
    onProgress('layers', 0, taps.length)
    return pipe(
      measureEach(sources, {
        ...(conventions === undefined ? {} : { conventions }),
        ...(only === undefined ? {} : { only }),
        ...(workers === undefined ? {} : { workers }),
        onTable: (done, total) => onProgress('layers', done, total),
      }),
      TE.map(
        O.map(reports =>
          RA.zipWith(taps, reports, ({ name, unit }, report) => ({ layer: name, unit, ...report })),
        ),
      ),
    )
  }

const idsOf = ({ labels }: LayersInput): E.Either<Fault, ClassIds> =>
  pipe(classIds(labels), E.mapLeft(faultOfMetric('labels')))

/**
 * Measures every layer in one forward pass in evaluation mode; the network's arrays must be in the engine's store. What does
 * not fit in memory waits in files and gives the same figures. None where `onProgress` stopped it.
 */
export const measureLayers = (
  engine: Engine,
  input: LayersInput,
  options: LayersOptions,
): TE.TaskEither<Fault, O.Option<ReadonlyArray<LayerReport>>> => {
  const { network, feed } = input
  return pipe(
    TE.Do,
    TE.apS('ids', TE.fromEither(idsOf(input))),
    TE.apS('pool', TE.fromEither(poolingNamed(network.model, options.pool))),
    TE.chain(({ ids, pool }) => {
      const taps = layerTaps(network, options.layers, pool)
      const tables = taps.map(({ name, width }) => ({ path: `layer ${name}`, width }))
      return TE.bracket(
        openSpool(tables, feed.count, options.spool),
        spool =>
          pipe(
            readLayers(engine, input, options, taps, spool),
            TE.chain(whole =>
              whole ? measureTaps(input, options, taps, spool.rows)(ids) : TE.right(O.none),
            ),
          ),
        spool => TE.fromTask(spool.close),
      )
    }),
  )
}
