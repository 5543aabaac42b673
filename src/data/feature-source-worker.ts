// The worker that folds one shard of the rows, pass after pass, for `feature-source-pool.ts`.
import { parentPort, workerData } from 'node:worker_threads'
import * as E from 'fp-ts/Either'
import { foldingOf, type Pass, type PassSum, type Size } from '../collapse/passes.ts'
import type { Fault } from '../core/fault.ts'
import { shardReader, type ShardRows } from './feature-source-shard.ts'

/** What a worker is told at its start. */
export interface Shard extends ShardRows {
  readonly size: Size
}

/** What a worker says: how many rows it has folded since, then the sum or a fault. */
export type Report =
  | { readonly _tag: 'Rows'; readonly rows: number }
  | { readonly _tag: 'Sum'; readonly sum: PassSum }
  | { readonly _tag: 'Failed'; readonly fault: Fault }

/** Folds passes over a shard, one after the other. */
export type FoldShard = (
  pass: Pass,
  onRows: (count: number) => void,
) => Promise<E.Either<Fault, PassSum>>

/** The folder of a shard; it may keep the rows between passes. */
export const shardFolder = (shard: Shard): FoldShard => {
  const reader = shardReader(shard)
  return async (pass, onRows) => {
    const folding = foldingOf(pass, shard.size)
    const done = await reader.fold(folding, onRows)
    return E.isLeft(done) ? done : E.right(folding.sum())
  }
}

const say = (report: Report): void => parentPort?.postMessage(report)

const serve = (shard: Shard): void => {
  const fold = shardFolder(shard)
  parentPort?.on('message', async (pass: Pass) => {
    const sum = await fold(pass, rows => say({ _tag: 'Rows', rows }))
    say(E.isLeft(sum) ? { _tag: 'Failed', fault: sum.left } : { _tag: 'Sum', sum: sum.right })
  })
}

if (parentPort !== null && workerData !== null) serve(workerData)
