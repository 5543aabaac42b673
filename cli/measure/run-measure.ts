// What `collapse measure` does: reads its flags, measures the file, prints a table or JSON.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { showDataSpec } from '../../src/codec/data-spec.ts'
import { type Conventions, namedConventions } from '../../src/collapse/conventions.ts'
import { type MeasureReport, type MetricName, metricNames } from '../../src/collapse/measure.ts'
import { type Fault, fault } from '../../src/core/fault.ts'
import type { OnRows } from '../../src/data/feature-source-pool.ts'
import { measureFile } from '../../src/data/measure-file.ts'
import type { MeasureFlags } from '../measure.ts'
import type { Progress, Tracked } from '../progress.ts'
import type { Run } from '../run.ts'
import { formatLayers, formatReport } from './format-report.ts'
import { measureModel, type ModelQuestion } from './measure-model.ts'

const isMetric = (name: string): name is MetricName => metricNames.some(known => known === name)

/** The metrics of a list such as `nc1,cdnv`; Left names one that is unknown. */
export const parseOnly = (list: string): E.Either<Fault, ReadonlyArray<MetricName>> => {
  const names = list.split(',').map(name => name.trim())
  const known = names.filter(isMetric)
  const wrong = names.find(name => !isMetric(name))
  return wrong === undefined
    ? E.right(known)
    : E.left(fault(`unknown metric '${wrong}'`, '--only', `give some of ${metricNames.join(', ')}`))
}

// One piece of work a pass: how many passes the spectral norms take is not known beforehand.
const rowsProgress = (
  progress: Progress,
): { readonly onRows: OnRows; readonly stop: () => void } => {
  let current: { readonly pass: number; readonly tracked: Tracked } | undefined
  let done = 0
  return {
    onRows: ({ pass, rows, n }) => {
      if (current?.pass !== pass) {
        current?.tracked.stop()
        current = { pass, tracked: progress.start(`rows, pass ${pass}`, n) }
        done = 0
      }
      done += rows
      current.tracked.update(done)
    },
    stop: () => current?.tracked.stop(),
  }
}

const conventionsOf = ({ convention, rank }: MeasureFlags): Conventions => {
  const named = namedConventions[convention]
  return rank === undefined ? named : { ...named, numericalRank: rank }
}

/** Measures the features in a file that the flags name. */
export const measureAction = (
  flags: MeasureFlags & { readonly features: string },
  progress: Progress,
): TE.TaskEither<Fault, MeasureReport> =>
  pipe(
    TE.fromEither(flags.only === undefined ? E.right(metricNames) : parseOnly(flags.only)),
    TE.chain(only => {
      const { onRows, stop } = rowsProgress(progress)
      const measured = measureFile({
        features: flags.features,
        ...(flags.labels === undefined ? {} : { labels: flags.labels }),
        ...(flags.threads === undefined ? {} : { workers: flags.threads }),
        conventions: conventionsOf(flags),
        only,
        onRows,
      })
      return async () => {
        const result = await measured()
        stop()
        return result
      }
    }),
  )

const needs = 'give the path of a file, or --model, --weights and --data'

/** What is asked of a network; a fault where a flag is missing. */
const questionOf = (flags: MeasureFlags): E.Either<Fault, ModelQuestion> => {
  const { model, weights, data, split, layers, pool, batch, only } = flags
  if (model === undefined || weights === undefined || data === undefined) {
    return E.left(fault('nothing given', '--features', needs))
  }
  return pipe(
    only === undefined ? E.right(metricNames) : parseOnly(only),
    E.map(names => ({
      model,
      weights,
      data,
      split: split ?? data.split ?? 'train',
      layers,
      pool,
      ...(batch === undefined ? {} : { batch }),
      conventions: conventionsOf(flags),
      only: names,
    })),
  )
}

const runModel: Run<MeasureFlags> = (flags, session) =>
  pipe(
    TE.fromEither(questionOf(flags)),
    TE.bindTo('question'),
    TE.bind('layers', ({ question }) => measureModel(question, session)),
    TE.map(({ question: { model, weights, data, split, pool }, layers }) => {
      if (layers.length === 0) return 'interrupted' as const
      const said = { model, weights, data: showDataSpec(data), split, pool, layers }
      session.print(session.common.json ? JSON.stringify(said) : formatLayers(layers))
      return 'done' as const
    }),
  )

/** The command: the report on stdout, as JSON with `--json`. */
export const runMeasure: Run<MeasureFlags> = (flags, session) => {
  const { features } = flags
  if (features === undefined) return runModel(flags, session)
  return flags.model === undefined
    ? runFile({ ...flags, features }, session)
    : TE.left(fault('both --features and --model', 'collapse measure', needs))
}

const runFile: Run<MeasureFlags & { readonly features: string }> = (flags, session) =>
  pipe(
    measureAction(flags, session.progress),
    TE.map(report => {
      session.print(session.common.json ? JSON.stringify(report) : formatReport(report))
      return 'done' as const
    }),
  )
