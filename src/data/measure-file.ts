// Measures the features in a file: opens it, runs the passes over its rows, closes it.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Conventions } from '../collapse/conventions.ts'
import { type MeasureReport, type MetricName, measureProgram } from '../collapse/measure.ts'
import { faultOfMetric } from '../collapse/metric-error.ts'
import type { Fault } from '../core/fault.ts'
import { type FeatureFiles, type FeatureSource, openFeatures } from './feature-source.ts'
import { type PoolOptions, runOnDisk } from './feature-source-pool.ts'

/** What to measure and how: files, conventions, which metrics (all unless told), threads. */
export interface MeasureFileOptions extends FeatureFiles, PoolOptions {
  readonly conventions?: Partial<Conventions>
  readonly only?: ReadonlyArray<MetricName>
}

const measureSource = (
  source: FeatureSource,
  { conventions, only, ...pool }: MeasureFileOptions,
): TE.TaskEither<Fault, MeasureReport> =>
  pipe(
    measureProgram({
      ...(conventions === undefined ? {} : { conventions }),
      ...(only === undefined ? {} : { only }),
      ...(source.classifier === null ? {} : { classifier: source.classifier }),
    }),
    runOnDisk(source, pool),
    TE.chainEitherK(E.mapLeft(faultOfMetric(source.rows.path))),
  )

/** Measures features [N, d] with labels in a .npy, .npz or .safetensors file, in memory that does
 * not grow with N but for the labels (a file whose floats take 512 MB or less is kept between passes). A metric that the features do not define is null. */
export const measureFile = (options: MeasureFileOptions): TE.TaskEither<Fault, MeasureReport> =>
  TE.bracket(
    openFeatures(options),
    source => measureSource(source, options),
    source => TE.fromIO(source.close),
  )
