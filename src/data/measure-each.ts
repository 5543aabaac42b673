// Measures several tables of features, each whole on one thread, so that they do not wait for each other.
import { availableParallelism } from 'node:os'
import * as E from 'fp-ts/Either'
import * as O from 'fp-ts/Option'
import type * as TE from 'fp-ts/TaskEither'
import type { MeasureReport } from '../collapse/measure.ts'
import type { Fault } from '../core/fault.ts'
import type { LabelledRows } from './feature-source.ts'
import { keepBytes } from './feature-source-shard.ts'
import { type MeasureRowsOptions, measureRows } from './measure-file.ts'
import type { Answer, Order } from './measure-worker.ts'
import { startThread, type Thread } from './thread.ts'

/** Told how many tables are done; `false` stops there. */
export type OnTable = (done: number, total: number) => boolean

/** Tables to measure: as one is, and `onTable` as each is done. */
export interface MeasureEachOptions extends Omit<MeasureRowsOptions, 'onRows'> {
  readonly onTable?: OnTable
}

type Measure = (source: LabelledRows) => Promise<Answer>

interface Hand {
  readonly measure: Measure
  readonly end: () => void
}

/** Products below which threads take longer to start than they save. */
const SMALL = 2 ** 25

/** Roughly the products that a table takes: rows by columns, and what is done for each class besides. */
const workOf = ({ rows: { n, d }, classes }: LabelledRows): number => d * (n + 50 * classes)

const threadHand = (options: Order['options'], where: string): Hand => {
  const url = new URL('./measure-worker.ts', import.meta.url)
  const { ask, end }: Thread<Order, Answer> = startThread(url, null, where)
  const measure: Measure = async source => {
    const answer = await ask({ source, options }, (reply): reply is Answer => reply !== undefined)
    return E.flatten(answer)
  }
  return { measure, end }
}

const handsFor = (
  sources: ReadonlyArray<LabelledRows>,
  { onTable: _, workers, ...options }: MeasureEachOptions,
): ReadonlyArray<Hand> => {
  const most = Math.min(workers ?? availableParallelism(), sources.length)
  const work = sources.reduce((sum, source) => sum + workOf(source), 0)
  if (most < 2 || (workers === undefined && work < SMALL)) {
    const threads = sources.length > 1 ? { workers: 1 } : workers === undefined ? {} : { workers }
    const measure: Measure = source => measureRows(source, { ...options, ...threads })()
    return [{ measure, end: () => undefined }]
  }
  const keep = Math.floor((options.keep ?? keepBytes) / most)
  return Array.from({ length: most }, () => threadHand({ ...options, keep }, 'measuring'))
}

/** Copies what all tables have in common to where threads share it. */
const sharing = (sources: ReadonlyArray<LabelledRows>): ReadonlyArray<LabelledRows> => {
  const copies = new Map<Int32Array, Int32Array>()
  return sources.map(source => {
    const { ids } = source
    const shared = copies.get(ids) ?? new Int32Array(new SharedArrayBuffer(ids.byteLength))
    if (!copies.has(ids)) shared.set(ids)
    copies.set(ids, shared)
    return { ...source, ids: shared }
  })
}

/**
 * Reports in the order of the tables, the first fault, or none where `onTable` stopped it. Two tables or more give the
 * same digits on any number of threads, which share the bytes to keep; one alone is cut for all threads.
 */
export const measureEach =
  (
    sources: ReadonlyArray<LabelledRows>,
    options: MeasureEachOptions = {},
  ): TE.TaskEither<Fault, O.Option<ReadonlyArray<MeasureReport>>> =>
  async () => {
    const hands = handsFor(sources, options)
    const waiting = [...sharing(sources).entries()].sort(([, a], [, b]) => workOf(b) - workOf(a))
    const reports: Array<MeasureReport> = []
    let done = 0
    let ended: E.Either<Fault, O.Option<never>> | null = null
    const work = async ({ measure }: Hand): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [i, source] = next
        const report = await measure(source)
        if (ended !== null) return
        if (E.isLeft(report)) ended = report
        else {
          reports[i] = report.right
          if (options.onTable?.(++done, sources.length) === false) ended = E.right(O.none)
        }
        if (ended !== null) waiting.length = 0
      }
    }
    try {
      await Promise.all(hands.map(work))
      return ended ?? E.right(O.some(reports))
    } finally {
      for (const { end } of hands) end()
    }
  }
