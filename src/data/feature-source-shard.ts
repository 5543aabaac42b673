// A shard of the rows, read block by block, the next block while the present one is folded.
import * as E from 'fp-ts/Either'
import type { Block } from '../collapse/features.ts'
import type { Folding } from '../collapse/passes.ts'
import type { Fault } from '../core/fault.ts'
import type { Rows, RowsOnDisk } from './feature-source.ts'
import { fillBuffer, makeBuffer, type RowBuffer, rowsAtOnce } from './feature-source-blocks.ts'

/** Rows `from` .. `to`; `keep` holds those of a file in memory after the first reading. */
export interface ShardRows {
  readonly rows: Rows
  readonly ids: Int32Array
  readonly from: number
  readonly to: number
  readonly keep: boolean
}

/** Hands the rows of a shard to a folding, as often as asked. */
export interface ShardReader {
  readonly fold: (
    folding: Folding,
    onRows: (count: number) => void,
  ) => Promise<E.Either<Fault, void>>
}

/** At most this many bytes of floats, of all shards together, are held in memory between passes;
 * larger files are read again for each pass. */
export const keepBytes = 2 ** 29

type OnBlock = (block: Block) => void

// The same blocks as a reader of a file hands over, so that sums have the same digits.
const heldBlocks = ({ rows, ids, from, to }: ShardRows): ReadonlyArray<Block> | undefined => {
  if (!('held' in rows)) return undefined
  const { held, d } = rows
  const most = rowsAtOnce(rows)
  return Array.from({ length: Math.ceil((to - from) / most) }, (_, i) => {
    const [first, end] = [from + i * most, Math.min(to, from + (i + 1) * most)]
    return { data: held.subarray(first * d, end * d), ids: ids.subarray(first, end), first }
  })
}

// Two buffers take turns, or, where blocks are kept, each block has its own.
const readAll = async (
  { ids, from, to, keep }: ShardRows,
  rows: RowsOnDisk,
  onBlock: OnBlock,
): Promise<E.Either<Fault, void>> => {
  const most = Math.min(rowsAtOnce(rows), to - from)
  const countAt = (at: number) => Math.min(most, to - at)
  const spare: Array<RowBuffer> = []
  const read = (at: number) => {
    const buffer = (keep ? undefined : spare.pop()) ?? makeBuffer(rows, countAt(at))
    return { buffer, done: fillBuffer(rows, at, countAt(at), buffer) }
  }
  let pending = read(from)
  for (let at = from; at < to; at += most) {
    const { buffer, done } = pending
    const got = await done
    if (E.isLeft(got)) return got
    if (at + most < to) pending = read(at + most)
    onBlock({ data: buffer.floats, ids: ids.subarray(at, at + countAt(at)), first: at })
    spare.push(buffer)
  }
  return E.right(undefined)
}

/** A reader of a shard. Memory is two blocks, or the whole shard where it is kept; none where it is held already. */
export const shardReader = (shard: ShardRows): ShardReader => {
  const { rows } = shard
  let kept = heldBlocks(shard)
  return {
    fold: async (folding, onRows) => {
      const take: OnBlock = block => {
        folding.add(block)
        onRows(block.ids.length)
      }
      if (kept !== undefined || 'held' in rows) {
        kept?.forEach(take)
        return E.right(undefined)
      }
      const seen: Array<Block> = []
      const done = await readAll(shard, rows, block => {
        take(block)
        if (shard.keep) seen.push(block)
      })
      if (E.isRight(done) && shard.keep) kept = seen
      return done
    },
  }
}
