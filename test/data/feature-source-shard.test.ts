// Shards read in blocks: every row once, in order, streamed or kept; a file that shrinks is a fault.
import { truncateSync } from 'node:fs'
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { bytesOf, type Dtype } from '../../src/codec/number-array.ts'
import type { Folding } from '../../src/collapse/passes.ts'
import { showFault } from '../../src/core/fault.ts'
import { openFile } from '../../src/data/feature-source-bytes.ts'
import { rowsAtOnce } from '../../src/data/feature-source-blocks.ts'
import { type ShardRows, shardReader } from '../../src/data/feature-source-shard.ts'
import { left, right } from '../support/either.ts'
import { makeFolder } from '../support/feature-files.ts'

const test = suite('shards')

const folder = makeFolder()
test.after(folder.remove)

const n = 300
const d = 4096

/** Every value of row i is i, so that a row tells where it is from. */
const shardOf = (name: string, dtype: Dtype, fortran: boolean, keep: boolean): ShardRows => {
  const row = (at: number) => (fortran ? at % n : Math.floor(at / d))
  const wide = Float64Array.from({ length: n * d }, (_, at) => row(at))
  const values = dtype === 'F64' ? wide : Float32Array.from(wide)
  const head = new Uint8Array(16)
  const bytes = new Uint8Array(16 + values.byteLength)
  bytes.set(head)
  bytes.set(bytesOf(values), 16)
  const { path, fd } = right(openFile(folder.bytes(name, bytes)))
  const ids = Int32Array.from({ length: n }, (_, i) => i % 3)
  return { rows: { path, fd, offset: 16, dtype, fortran, n, d }, ids, from: 20, to: 290, keep }
}

interface Seen {
  readonly folding: Folding
  readonly rows: Array<number>
  readonly blocks: () => number
}

const watcher = (): Seen => {
  const rows: Array<number> = []
  let blocks = 0
  return {
    rows,
    blocks: () => blocks,
    folding: {
      add: ({ data, ids, first }) => {
        blocks++
        ids.forEach((id, i) => {
          const row = data[i * d] ?? Number.NaN
          assert.is(row, first + i)
          assert.is(data[i * d + d - 1], row)
          assert.is(id, row % 3)
          rows.push(row)
        })
      },
      sum: () => ({ _tag: 'Finite', row: 0 }),
    },
  }
}

const all = Array.from({ length: 270 }, (_, i) => i + 20)

for (const dtype of ['F32', 'F64'] as const) {
  for (const fortran of [false, true]) {
    for (const keep of [false, true]) {
      const name = `${dtype}, ${fortran ? 'columns' : 'rows'}, ${keep ? 'kept' : 'streamed'}`
      test(`hand over every row once a pass, in order: ${name}`, async () => {
        const shard = shardOf(name, dtype, fortran, keep)
        const reader = shardReader(shard)
        for (let pass = 0; pass < 3; pass++) {
          const { folding, rows, blocks } = watcher()
          let heard = 0
          right(
            await reader.fold(folding, count => {
              heard += count
            }),
          )
          assert.equal(rows, all)
          assert.is(heard, 270)
          assert.is(blocks(), Math.ceil(270 / rowsAtOnce(shard.rows)))
        }
      })
    }
  }
}

test('are read in several blocks here', () => {
  assert.ok(rowsAtOnce(shardOf('several', 'F32', false, false).rows) < 200)
})

test('notice that the file shrank between passes, unless they are kept', async () => {
  for (const keep of [false, true]) {
    const shard = shardOf(`shrinks ${keep}`, 'F32', false, keep)
    const reader = shardReader(shard)
    right(await reader.fold(watcher().folding, () => undefined))
    truncateSync(shard.rows.path, 1_000_000)
    const again = await reader.fold(watcher().folding, () => undefined)
    if (keep) assert.ok(E.isRight(again))
    else assert.match(showFault(left(again)), /truncated/)
  }
})

test.run()
