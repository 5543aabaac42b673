// The worker that measures whole tables of features, one after the other, for `measure-each.ts`.
import { parentPort } from 'node:worker_threads'
import type * as E from 'fp-ts/Either'
import type { MeasureReport } from '../collapse/measure.ts'
import type { Fault } from '../core/fault.ts'
import type { LabelledRows } from './feature-source.ts'
import { type MeasureRowsOptions, measureRows } from './measure-file.ts'

/** What a worker is asked. */
export interface Order {
  readonly source: LabelledRows
  readonly options: Omit<MeasureRowsOptions, 'onRows' | 'workers'>
}

/** What it answers. */
export type Answer = E.Either<Fault, MeasureReport>

parentPort?.on('message', async ({ source, options }: Order) => {
  parentPort?.postMessage(await measureRows(source, { ...options, workers: 1 })())
})
