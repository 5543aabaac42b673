// `collapse measure --model`: the network and the data that the flags name, handed to `measureLayers`.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import * as TE from 'fp-ts/TaskEither'
import type { DataSpec, Split } from '../../src/codec/data-spec.ts'
import type { Conventions } from '../../src/collapse/conventions.ts'
import type { LayerReport } from '../../src/collapse/layer-report.ts'
import type { MetricName } from '../../src/collapse/measure.ts'
import { type Fault, fault } from '../../src/core/fault.ts'
import type { EngineInfo } from '../../src/device/engine.ts'
import type { PoolName, WhichLayers } from '../../src/train/layer-taps.ts'
import { measureLayers, type OnLayers } from '../../src/train/measure-layers.ts'
import { batchFor, type LoadedNetwork, putNetwork } from '../network/load-network.ts'
import { type Labelled, openData } from '../network/open-feed.ts'
import { loadSource, type Source } from '../network/source.ts'
import type { Tracked } from '../progress.ts'
import type { Session } from '../run.ts'

/** Which network, on what, and which of it; `hold` bytes of features stay in memory. */
export interface ModelQuestion {
  readonly source: Source
  readonly size?: number
  /** Null for the data of the run. */
  readonly data: DataSpec | null
  readonly split: Split | null
  readonly layers: WhichLayers
  readonly pool: PoolName
  readonly batch?: number
  readonly workers?: number
  readonly hold?: number
  readonly conventions: Conventions
  readonly only: ReadonlyArray<MetricName>
}

/** Whose layers were measured, on what. */
interface Seen {
  readonly subject: Pick<LoadedNetwork, 'model' | 'weights'>
  readonly data: DataSpec
  readonly split: Split
}

/** The metrics of every layer asked for, in order, and what they were computed on. */
export interface ModelMeasured extends Seen {
  readonly layers: ReadonlyArray<LayerReport>
  readonly engine: EngineInfo
}

/** A bar for the images, then one for the layers. */
const watch = ({
  progress,
  interruption,
}: Session): { readonly onProgress: OnLayers; readonly stop: () => void } => {
  const stop = interruption()
  let shown: { readonly phase: string; readonly tracked: Tracked } | undefined
  return {
    onProgress: (phase, done, total) => {
      if (shown?.phase !== phase) {
        shown?.tracked.stop()
        shown = { phase, tracked: progress.start(phase, total) }
      }
      shown.tracked.update(done)
      return !stop.asked()
    },
    stop: () => shown?.tracked.stop(),
  }
}

const measureLoaded = (
  loaded: LoadedNetwork,
  { feed, labels }: Labelled,
  seen: Seen,
  question: ModelQuestion,
  session: Session,
): TE.TaskEither<Fault, O.Option<ModelMeasured>> => {
  if (labels === null) return TE.left(fault('no labels', '--data', 'give a labelled data set'))
  const { network, contents } = loaded
  const { batch, hold } = question
  const { onProgress, stop } = watch(session)
  return session.withEngine(
    engine => {
      const measured = pipe(
        putNetwork(engine, loaded),
        TE.chain(() =>
          measureLayers(
            engine,
            { network, contents, feed, labels },
            {
              ...question,
              batch: Math.min(batch ?? batchFor(engine, network.model), feed.count),
              spool: hold === undefined ? {} : { held: hold },
              onProgress,
            },
          ),
        ),
        TE.map(O.map(layers => ({ layers, engine: engine.info, ...seen }))),
      )
      return async () => {
        const ended = await measured()
        stop()
        return ended
      }
    },
    { checked: loaded.plugins },
  )
}

/** What a network by name wants besides. */
export const needsData = 'name the data set that the --model is to see, such as cifar10'

/** The data asked for or else the run's, and of it the split asked for, the spec's, or that for training. */
const seenBy = (
  { data: own, model, weights }: LoadedNetwork,
  { data, split }: ModelQuestion,
): E.Either<Fault, Seen> => {
  const spec = data ?? own
  return spec === null
    ? E.left(fault('nothing given', '--data', needsData))
    : E.right({
        data: spec,
        split: split ?? spec.split ?? 'train',
        subject: { model, weights },
      })
}

/** The metrics of every layer asked for; none where it was interrupted. */
export const measureModel = (
  question: ModelQuestion,
  session: Session,
): TE.TaskEither<Fault, O.Option<ModelMeasured>> => {
  const { source, ...wish } = question
  return pipe(
    loadSource(source, { ...wish, head: 'keep', seed: session.common.seed ?? 0 }),
    TE.bindTo('loaded'),
    TE.bind('seen', ({ loaded }) => TE.fromEither(seenBy(loaded, question))),
    TE.bind('given', ({ loaded, seen: { data, split } }) =>
      openData(loaded, data, split, session.common.dataRoot),
    ),
    TE.chain(({ loaded, given, seen }) => {
      session.progress.log(`weights: ${loaded.said} (names of ${loaded.origin})`)
      return measureLoaded(loaded, given, seen, question, session)
    }),
  )
}
