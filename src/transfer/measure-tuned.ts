// Collapse of a tuned network on the training split: every metric of what the classifier sees, nc1 of every unit.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Classifier } from '../collapse/features.ts'
import { measure, type MeasureReport } from '../collapse/measure.ts'
import { faultOfMetric } from '../collapse/metric-error.ts'
import type { Fault } from '../core/fault.ts'
import { headName, unitsOf } from '../models/model.ts'
import { nc1Of } from '../train/layer-metrics.ts'
import { type Contents, getContents } from '../train/network.ts'
import { FEATURES, type Pass } from '../train/programs.ts'
import { readAll } from './read-all.ts'
import { ENCODER, featureReadings, type Reading, rowsName, unitReadings } from './readings.ts'
import type { Setting } from './setting.ts'

/** What a tuned network's features are like. */
export interface Collapse {
  /** Every metric of the classifier's input; with a skip, of the sum. */
  readonly features: MeasureReport
  /** Every metric of the encoder's own features; null where no skip adds to them. */
  readonly encoder: MeasureReport | null
  /** nc1 of every unit's output, those of frozen ones as remembered. */
  readonly units: ReadonlyArray<number>
}

/** The classifier of a head's parameters where they are one matrix; none else. */
export const asClassifier = (contents: Contents): Classifier | undefined => {
  const named = (end: string) => Object.entries(contents).find(([path]) => path.endsWith(end))?.[1]
  const [weight, bias] = [named('weight'), named('bias')]
  if (weight === undefined || Object.keys(contents).length > 2) return undefined
  return bias === undefined ? { weight } : { weight, bias }
}

const classifierOf = ({ engine, training: { network } }: Setting) =>
  pipe(
    getContents(engine, network, path => path.startsWith(`${headName(network.model)}.`)),
    TE.map(asClassifier),
  )

const measured = (
  { samples: { count, labels } }: Pass,
  rows: Float32Array,
  name: string,
  classifier?: Classifier,
): E.Either<Fault, MeasureReport> =>
  pipe(
    measure(
      { data: rows, n: count, d: rows.length / count },
      labels,
      classifier === undefined ? {} : { classifier },
    ),
    E.mapLeft(faultOfMetric(name)),
  )

const collapseOf = (
  { training, target, moved }: Setting,
  found: ReadonlyMap<string, Float32Array>,
  classifier: Classifier | undefined,
): E.Either<Fault, Collapse> => {
  const none = new Float32Array(0)
  const own = found.get(ENCODER)
  const unit = ({ name, index }: { readonly name: string; readonly index: number }, i: number) =>
    index < moved
      ? E.right(target.nc1[i] ?? Number.NaN)
      : nc1Of(found.get(rowsName(name)) ?? none, training.samples, name)
  return pipe(
    E.Do,
    E.bind('features', () =>
      measured(training, found.get(FEATURES) ?? none, "the classifier's input", classifier),
    ),
    E.bind('encoder', () =>
      own === undefined ? E.right(null) : measured(training, own, "the encoder's features"),
    ),
    E.bind('units', () =>
      pipe(
        unitsOf(training.network.model).map(({ block: { name }, index }) => ({ name, index })),
        E.traverseReadonlyArrayWithIndex((i, at) => unit(at, i)),
      ),
    ),
  )
}

/** Measures after tuning, in one pass over the training split in evaluation mode from the first block that runs. */
export const measureTuned = (setting: Setting): TE.TaskEither<Fault, Collapse> => {
  const { engine, training, recipe, moved } = setting
  const pass: Pass = { ...training, batch: recipe.testBatch }
  const fresh = new Set(
    unitsOf(training.network.model)
      .filter(({ index }) => index >= moved)
      .map(({ block }) => rowsName(block.name)),
  )
  const readings: ReadonlyArray<Reading> = [
    ...unitReadings(pass).filter(({ name }) => fresh.has(name)),
    ...featureReadings(pass),
  ]
  return pipe(
    readAll(engine, pass, readings),
    TE.bindTo('found'),
    TE.bind('classifier', () => classifierOf(setting)),
    TE.chainEitherK(({ found, classifier }) => collapseOf(setting, found, classifier)),
  )
}
