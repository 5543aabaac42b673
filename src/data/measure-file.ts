// Measures features: runs the passes over their rows; opens and closes the file that they are in.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Conventions } from '../collapse/conventions.ts'
import { type MeasureReport, type MetricName, measureProgram } from '../collapse/measure.ts'
import { faultOfMetric } from '../collapse/metric-error.ts'
import type { Fault } from '../core/fault.ts'
import { type FeatureFiles, type LabelledRows, openFeatures } from './feature-source.ts'
import { type PoolOptions, runOnRows } from './feature-source-pool.ts'

/** How to measure: conventions, which metrics (all unless told), threads. */
export interface MeasureRowsOptions extends PoolOptions {
  readonly conventions?: Partial<Conventions>
  readonly only?: ReadonlyArray<MetricName>
}

/** What to measure and how: files and options. */
export interface MeasureFileOptions extends FeatureFiles, MeasureRowsOptions {}

/** Measures rows of features [N, d] with ids 0 .. K-1, in a file or in memory: the same digits for the same threads. */
export const measureRows = (
  source: LabelledRows,
  { conventions, only, ...pool }: MeasureRowsOptions,
): TE.TaskEither<Fault, MeasureReport> =>
  pipe(
    measureProgram({
      ...(conventions === undefined ? {} : { conventions }),
      ...(only === undefined ? {} : { only }),
      ...(source.classifier === null ? {} : { classifier: source.classifier }),
    }),
    runOnRows(source, pool),
    TE.chainEitherK(E.mapLeft(faultOfMetric(source.rows.path))),
  )

/** Measures features [N, d] with labels in a .npy, .npz or .safetensors file, in memory that does
 * not grow with N but for the labels (a file whose floats take 512 MB or less is kept between passes). A metric that the features do not define is null. */
export const measureFile = (options: MeasureFileOptions): TE.TaskEither<Fault, MeasureReport> =>
  TE.bracket(
    openFeatures(options),
    source => measureRows(source, options),
    source => TE.fromIO(source.close),
  )
