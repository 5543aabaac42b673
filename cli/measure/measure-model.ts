// `collapse measure --model`: every metric at every fine-tuning unit of a network, from forward passes over a data set.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { DataSpec, Split } from '../../src/codec/data-spec.ts'
import type { Conventions } from '../../src/collapse/conventions.ts'
import type { Classifier } from '../../src/collapse/features.ts'
import { type MeasureReport, type MetricName, measure } from '../../src/collapse/measure.ts'
import { faultOfMetric } from '../../src/collapse/metric-error.ts'
import { at } from '../../src/core/op.ts'
import { type Fault, fault } from '../../src/core/fault.ts'
import type { Value } from '../../src/core/value.ts'
import type { Engine } from '../../src/device/engine.ts'
import type { Forward } from '../../src/models/forward.ts'
import { average, headName, type Pooling, unitsOf } from '../../src/models/model.ts'
import { classToken } from '../../src/models/vit.ts'
import { infer, inferenceProgram } from '../../src/train/infer.ts'
import { groupTaps } from '../../src/train/layer-metrics.ts'
import { batchFor, type LoadedNetwork, loadNetwork, putNetwork } from '../network/load-network.ts'
import { type Labelled, openData } from '../network/open-feed.ts'
import type { Session } from '../run.ts'

/** Which network, on what, and which of it. */
export interface ModelQuestion {
  readonly model: string
  readonly weights: string
  readonly data: DataSpec
  readonly split: Split | null
  readonly layers: 'all' | 'penultimate'
  readonly pool: 'avg' | 'cls' | 'tokens'
  readonly batch?: number
  readonly conventions: Conventions
  readonly only: ReadonlyArray<MetricName>
}

/** The metrics of one layer; `unit` is its number, null for the classifier's input. */
export interface LayerReport extends MeasureReport {
  readonly layer: string
  readonly unit: number | null
}

/** Name of the classifier's input among the layers. */
const PENULTIMATE = 'penultimate'

/** Bytes of features held at a time; layers beyond them are measured in further passes. */
const HELD = 2 ** 31

/** A layer whose rows are read: its value in a forward pass, and the bytes of all its rows. */
interface Tap {
  readonly name: string
  readonly unit: number | null
  readonly width: number
  readonly bytes: number
  readonly value: (pass: Forward) => Value
}

const poolings = (
  { network: { model } }: LoadedNetwork,
  pool: ModelQuestion['pool'],
): E.Either<Fault, Pooling> => {
  const isVit = model.pool !== undefined
  if (pool === 'avg' || (pool === 'tokens' && isVit)) return E.right(average)
  return isVit
    ? E.right(classToken)
    : E.left(fault(`${model.name} has no tokens`, `--pool ${pool}`, 'leave --pool out'))
}

const tapsOf = (
  { network: { model, init } }: LoadedNetwork,
  { layers }: ModelQuestion,
  pool: Pooling,
  count: number,
): ReadonlyArray<Tap> => {
  const tap = (name: string, unit: number | null, width: number, value: Tap['value']): Tap => ({
    name,
    unit,
    width,
    bytes: 4 * width * count,
    value,
  })
  const units = unitsOf(model).map(({ number, index, block }) =>
    tap(block.name, number, init.taps[index]?.shape.at(-1) ?? 0, ({ taps }) =>
      pool(at(taps, index)),
    ),
  )
  const last = tap(PENULTIMATE, null, init.width, ({ features }) => features)
  return layers === 'all' ? [...units, last] : [last]
}

/** The classifier, where it is for as many classes as the data has. */
const classifierOf = (
  { network: { model }, contents }: LoadedNetwork,
  classes: number,
): { readonly classifier?: Classifier } => {
  const named = (end: string) =>
    Object.entries(contents).find(
      ([path]) => path.startsWith(`${headName(model)}.`) && path.endsWith(end),
    )?.[1]
  const [weight, bias] = [named('weight'), named('bias')]
  return model.classes !== classes || weight === undefined
    ? {}
    : { classifier: bias === undefined ? { weight } : { weight, bias } }
}

interface Pass {
  readonly engine: Engine
  readonly loaded: LoadedNetwork
  readonly given: Labelled & { readonly labels: Uint32Array }
  readonly question: ModelQuestion
  readonly session: Session
}

const readGroup = (
  { engine, loaded, given: { feed }, question, session }: Pass,
  group: ReadonlyArray<Tap>,
): TE.TaskEither<Fault, ReadonlyMap<string, Float32Array>> => {
  const { network } = loaded
  const size = Math.min(question.batch ?? batchFor(engine, network.model), feed.count)
  const rowsOf = new Map(
    group.map(({ name, width }) => [name, new Float32Array(feed.count * width)]),
  )
  const program = inferenceProgram(network, feed, size, pass =>
    Object.fromEntries(group.map(({ name, value }) => [name, value(pass)])),
  )
  const tracked = session.progress.start('images', feed.count)
  const interruption = session.interruption()
  return pipe(
    infer(engine, program, feed, size, (outputs, first, rows) => {
      for (const { name, width } of group) {
        const found = outputs[name]?.subarray(0, rows * width) ?? []
        rowsOf.get(name)?.set(found, first * width)
      }
      tracked.update(first + rows)
      return !interruption.asked()
    }),
    TE.map(done => (done === feed.count ? rowsOf : new Map())),
    task => async () => {
      const ended = await task()
      tracked.stop()
      return ended
    },
  )
}

const measureTap = (
  { loaded, given: { labels }, question: { conventions, only } }: Pass,
  { name, unit, width }: Tap,
  data: Float32Array,
): E.Either<Fault, LayerReport> => {
  const classes = 1 + labels.reduce((most, label) => Math.max(most, label), 0)
  const last = unit === null ? classifierOf(loaded, classes) : {}
  return pipe(
    measure({ data, n: labels.length, d: width }, labels, { conventions, only, ...last }),
    E.mapLeft(faultOfMetric(`layer ${name}`)),
    E.map(report => ({ layer: name, unit, ...report })),
  )
}

const measureGroup = (
  pass: Pass,
  group: ReadonlyArray<Tap>,
): TE.TaskEither<Fault, ReadonlyArray<LayerReport>> =>
  pipe(
    readGroup(pass, group),
    TE.chainEitherK(rows =>
      E.traverseArray((tap: Tap) => {
        const data = rows.get(tap.name)
        if (data === undefined) return E.right<Fault, ReadonlyArray<LayerReport>>([])
        return E.Functor.map(measureTap(pass, tap, data), report => [report])
      })(group),
    ),
    TE.map(reports => reports.flat()),
  )

const measureLoaded = (
  loaded: LoadedNetwork,
  given: Labelled,
  question: ModelQuestion,
  session: Session,
): TE.TaskEither<Fault, ReadonlyArray<LayerReport>> => {
  const { labels } = given
  if (labels === null) return TE.left(fault('no labels', '--data', 'give a labelled data set'))
  return pipe(
    TE.fromEither(poolings(loaded, question.pool)),
    TE.chain(pool => {
      const groups = groupTaps(tapsOf(loaded, question, pool, given.feed.count), HELD)
      return session.withEngine(engine => {
        const pass: Pass = { engine, loaded, given: { ...given, labels }, question, session }
        return pipe(
          putNetwork(engine, loaded),
          TE.chain(() =>
            TE.traverseSeqArray((g: ReadonlyArray<Tap>) => measureGroup(pass, g))(groups),
          ),
          TE.map(reports => reports.flat()),
        )
      })
    }),
  )
}

/** The metrics of every layer asked for, in order, none where it was interrupted. */
export const measureModel = (
  question: ModelQuestion,
  session: Session,
): TE.TaskEither<Fault, ReadonlyArray<LayerReport>> =>
  pipe(
    loadNetwork({ ...question, head: 'keep', seed: session.common.seed ?? 0 }),
    TE.bindTo('loaded'),
    TE.bind('given', ({ loaded }) =>
      openData(loaded, question.data, question.split, session.common.dataRoot),
    ),
    TE.chain(({ loaded, given }) => {
      session.progress.log(`weights: ${loaded.said} (names of ${loaded.origin})`)
      return measureLoaded(loaded, given, question, session)
    }),
  )
