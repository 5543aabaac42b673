// The worker that folds one shard of the rows, pass after pass, for `feature-source-pool.ts`.
import { parentPort, workerData } from 'node:worker_threads'
import * as E from 'fp-ts/Either'
import { foldingOf, type Pass, type PassSum, type Size } from '../collapse/passes.ts'
import type { Fault } from '../core/fault.ts'
import type { RowsOnDisk } from './feature-source.ts'
import { foldRows } from './feature-source-blocks.ts'

/** What a worker is told at its start: the rows `from` .. `to` are its own. */
export interface Shard {
  readonly rows: RowsOnDisk
  readonly ids: Int32Array
  readonly size: Size
  readonly from: number
  readonly to: number
}

/** What a worker says: how many rows it has folded since, then the sum or a fault. */
export type Report =
  | { readonly _tag: 'Rows'; readonly rows: number }
  | { readonly _tag: 'Sum'; readonly sum: PassSum }
  | { readonly _tag: 'Failed'; readonly fault: Fault }

/** Folds one pass over a shard. */
export const foldShard = async (
  { rows, ids, size, from, to }: Shard,
  pass: Pass,
  onRows: (count: number) => void,
): Promise<E.Either<Fault, PassSum>> => {
  const folding = foldingOf(pass, size)
  const done = await foldRows(rows, ids, [from, to], folding, onRows)
  return E.isLeft(done) ? done : E.right(folding.sum())
}

const say = (report: Report): void => parentPort?.postMessage(report)

const serve = (shard: Shard): void => {
  parentPort?.on('message', async (pass: Pass) => {
    const sum = await foldShard(shard, pass, rows => say({ _tag: 'Rows', rows }))
    say(E.isLeft(sum) ? { _tag: 'Failed', fault: sum.left } : { _tag: 'Sum', sum: sum.right })
  })
}

if (parentPort !== null && workerData !== null) serve(workerData)
