// Runs the passes of a measurement over features in a file or in memory: one shard a core, merged by addition.
import { availableParallelism } from 'node:os'
import * as E from 'fp-ts/Either'
import type * as TE from 'fp-ts/TaskEither'
import { bytesPer } from '../codec/number-array.ts'
import { mergeSums, type Pass, type PassSum } from '../collapse/passes.ts'
import type { Program } from '../collapse/program.ts'
import type { Fault } from '../core/fault.ts'
import type { LabelledRows } from './feature-source.ts'
import { keepBytes } from './feature-source-shard.ts'
import { type FoldShard, type Report, type Shard, shardFolder } from './feature-source-worker.ts'
import { startThread } from './thread.ts'

/** Told as rows go by: `rows` more of pass number `pass` (from 1), each over `n` rows. */
export type OnRows = (progress: {
  readonly pass: number
  readonly rows: number
  readonly n: number
}) => void

/** How to run: `workers` threads at most (a thread a core unless told), `keep` bytes of a file's floats held between
 * passes (512 MB unless told). */
export interface PoolOptions {
  readonly workers?: number
  readonly keep?: number
  readonly onRows?: OnRows
}

/** Below this many bytes a worker takes longer to start than to work. */
const smallBytes = 2 ** 23

interface Hand {
  readonly fold: FoldShard
  readonly end: () => void
}

const ownHand = (shard: Shard): Hand => ({
  fold: shardFolder(shard),
  end: () => undefined,
})

type Ended = Exclude<Report, { readonly _tag: 'Rows' }>

const workerHand = (shard: Shard): Hand => {
  const url = new URL('./feature-source-worker.ts', import.meta.url)
  const { ask, end } = startThread<Pass, Report>(url, shard, shard.rows.path)
  const fold: FoldShard = async (pass, onRows) => {
    const last = await ask(pass, (report): report is Ended => {
      if (report._tag === 'Rows') onRows(report.rows)
      return report._tag !== 'Rows'
    })
    if (E.isLeft(last)) return last
    return last.right._tag === 'Sum' ? E.right(last.right.sum) : E.left(last.right.fault)
  }
  return { fold, end }
}

const handsFor = (
  { rows, ids, classes }: LabelledRows,
  { workers, keep: kept = keepBytes }: PoolOptions,
): ReadonlyArray<Hand> => {
  const bytes = rows.n * rows.d * bytesPer[rows.dtype]
  const keep = rows.n * rows.d * (rows.dtype === 'F64' ? 8 : 4) <= kept
  const size = { classes, d: rows.d }
  const most = Math.min(workers ?? availableParallelism(), rows.n)
  if (most < 2 || (workers === undefined && bytes < smallBytes)) {
    return [ownHand({ rows, ids, size, from: 0, to: rows.n, keep })]
  }
  const shared = new Int32Array(new SharedArrayBuffer(4 * rows.n))
  shared.set(ids)
  return Array.from({ length: most }, (_, i) => {
    const [from, to] = [Math.floor((i * rows.n) / most), Math.floor(((i + 1) * rows.n) / most)]
    return workerHand({ rows, ids: shared, size, from, to, keep })
  })
}

const foldAll = async (
  hands: ReadonlyArray<Hand>,
  pass: Pass,
  onRows: (rows: number) => void,
): Promise<E.Either<Fault, PassSum>> => {
  const sums = await Promise.all(hands.map(hand => hand.fold(pass, onRows)))
  return sums.reduce((a, b) => {
    if (E.isLeft(a)) return a
    return E.isLeft(b) ? b : E.right(mergeSums(a.right, b.right))
  })
}

/** Runs a program over features. Shards are cut by the number of workers alone, so the
 * same machine gives the same digits. Left where the file cannot be read to its end. */
export const runOnRows =
  <A>(source: LabelledRows, options: PoolOptions = {}) =>
  (program: Program<A>): TE.TaskEither<Fault, A> =>
  async () => {
    const { onRows } = options
    const hands = handsFor(source, options)
    try {
      let step = program
      for (let pass = 1; step._tag === 'Ask'; pass++) {
        const { n } = source.rows
        const sum = await foldAll(hands, step.pass, rows => onRows?.({ pass, rows, n }))
        if (E.isLeft(sum)) return sum
        step = step.resume(sum.right)
      }
      return E.right(step.value)
    } finally {
      for (const hand of hands) hand.end()
    }
  }
