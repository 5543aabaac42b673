// What `collapse measure` does: reads its flags, measures a file or a network, prints a table or JSON, writes a page.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import * as TE from 'fp-ts/TaskEither'
import { showDataSpec } from '../../src/codec/data-spec.ts'
import { type Conventions, namedConventions } from '../../src/collapse/conventions.ts'
import { type MeasureReport, type MetricName, metricNames } from '../../src/collapse/measure.ts'
import { type Fault, fault } from '../../src/core/fault.ts'
import type { OnRows } from '../../src/data/feature-source-pool.ts'
import { measureFile } from '../../src/data/measure-file.ts'
import { formatLayers, formatReport } from '../../src/report/measure-text.ts'
import type { Ending } from '../exit.ts'
import type { MeasureFlags } from '../measure.ts'
import { sourceOf } from '../network/source.ts'
import type { Progress, Tracked } from '../progress.ts'
import type { Run, Session } from '../run.ts'
import { saveReport } from '../save-report.ts'
import { measureModel, type ModelQuestion, needsData } from './measure-model.ts'
import { filePage, modelPage } from './measure-page.ts'

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

const needs = 'give the path of a file, or --model, --weights and --data, or --from'

/** What is asked of a network; a fault where a flag is missing. */
const questionOf = (flags: MeasureFlags): E.Either<Fault, ModelQuestion> => {
  const { size, data, split, layers, pool, batch, only, threads, hold } = flags
  return pipe(
    E.Do,
    E.bind('source', () => sourceOf(flags)),
    E.bind('names', () => (only === undefined ? E.right(metricNames) : parseOnly(only))),
    E.filterOrElse(
      ({ source }) => source._tag === 'Run' || data !== undefined,
      () => fault('nothing given', '--data', needsData),
    ),
    E.map(({ source, names }) => ({
      source,
      ...(size === undefined ? {} : { size }),
      data: data ?? null,
      split: split ?? null,
      layers,
      pool,
      ...(batch === undefined ? {} : { batch }),
      ...(threads === undefined ? {} : { workers: threads }),
      ...(hold === undefined ? {} : { hold: hold * 2 ** 20 }),
      conventions: conventionsOf(flags),
      only: names,
    })),
  )
}

/** The page and the result in the folder `--out`, where it was given. */
const saved = (
  { out }: MeasureFlags,
  session: Session,
  draw: () => Promise<string>,
  result: unknown,
): TE.TaskEither<Fault, void> =>
  out === undefined
    ? TE.right(undefined)
    : pipe(
        saveReport(out, draw, result),
        TE.map(page => session.progress.log(`page: ${page}`)),
      )

const runModel: Run<MeasureFlags> = (flags, session) => {
  const began = performance.now()
  return pipe(
    TE.fromEither(questionOf(flags)),
    TE.bindTo('question'),
    TE.bind('measured', ({ question }) => measureModel(question, session)),
    TE.chain(({ question, measured }) => {
      if (O.isNone(measured)) return TE.right<Fault, Ending>('interrupted')
      const { layers, subject, data, split } = measured.value
      const from = flags.from === undefined ? {} : { from: flags.from }
      const { pool } = question
      const said = { ...from, ...subject, data: showDataSpec(data), split, pool, layers }
      session.print(session.common.json ? JSON.stringify(said) : formatLayers(layers))
      return pipe(
        saved(flags, session, () => modelPage(flags, question, measured.value, began), said),
        TE.map(() => 'done' as const),
      )
    }),
  )
}

const runFile: Run<MeasureFlags & { readonly features: string }> = (flags, session) => {
  const began = performance.now()
  return pipe(
    measureAction(flags, session.progress),
    TE.chain(report => {
      session.print(session.common.json ? JSON.stringify(report) : formatReport(report))
      return saved(flags, session, () => filePage(flags, report, began), report)
    }),
    TE.map(() => 'done' as const),
  )
}

/** The command: the report on stdout, as JSON with `--json`, and as a page with `--out`. */
export const runMeasure: Run<MeasureFlags> = (flags, session) => {
  const { features, model, from } = flags
  const network = model !== undefined ? '--model' : from !== undefined ? '--from' : null
  if (features === undefined) {
    return network === null && flags.weights === undefined
      ? TE.left(fault('nothing given', '--features', needs))
      : runModel(flags, session)
  }
  return network === null
    ? runFile({ ...flags, features }, session)
    : TE.left(fault(`both --features and ${network}`, 'collapse measure', needs))
}
