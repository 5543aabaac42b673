// Rows that wait in memory or in files: the same rows either way, no name left on disk, one line where there is no room.
import { closeSync, fstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { foldingOf } from '../../src/collapse/passes.ts'
import { showFault } from '../../src/core/fault.ts'
import type { Rows } from '../../src/data/feature-source.ts'
import { shardReader } from '../../src/data/feature-source-shard.ts'
import { openSpool, type Spool } from '../../src/data/feature-spool.ts'
import { left, right } from '../support/either.ts'

const test = suite('the spool')
const folder = mkdtempSync(join(tmpdir(), 'collapse-test-'))
test.after(() => rmSync(folder, { recursive: true }))

const tables = [
  { path: 'layer a', width: 3 },
  { path: 'layer b', width: 5 },
]

/** Value of a table's row and column, different everywhere. */
const valueAt = (table: number, row: number, column: number): number =>
  1000 * table + row + column / 8

/** Batches end padded, as the device's do. */
const batchOf = (first: number, size: number): ReadonlyArray<Float32Array> =>
  tables.map(({ width }, table) =>
    Float32Array.from({ length: size * width }, (_, i) =>
      valueAt(table, first + Math.floor(i / width), i % width),
    ),
  )

const fill = async (spool: Spool, n: number, size: number): Promise<void> => {
  for (let first = 0; first < n; first += size) {
    right(await spool.settled())
    spool.add(batchOf(first, size), first, Math.min(size, n - first))
  }
  right(await spool.settled())
}

/** All values as a pass over the rows meets them. */
const readBack = async (rows: Rows): Promise<ReadonlyArray<number>> => {
  const ids = new Int32Array(rows.n)
  const shard = { rows, ids, from: 0, to: rows.n, keep: false }
  const seen: Array<number> = []
  const empty = foldingOf({ _tag: 'Finite' }, { classes: 1, d: rows.d })
  const folding = {
    ...empty,
    add: ({ data, ids: block }: { data: ArrayLike<number>; ids: Int32Array }) => {
      seen.push(...Array.from(data).slice(0, block.length * rows.d))
    },
  }
  right(await shardReader(shard).fold(folding, () => undefined))
  return seen
}

test('gives back every row, however much is held, whatever the batches', () =>
  fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 0, max: 1400 }),
      async (n, size, held) => {
        const spool = right(await openSpool(tables, n, { held, folder })())
        await fill(spool, n, size)
        const bytes = tables.map(({ width }) => 4 * n * width)
        const inMemory = spool.rows.map(rows => 'held' in rows)
        assert.is(inMemory[0], (bytes[0] ?? 0) <= held)
        assert.is(
          spool.spooled,
          bytes.reduce((sum, b, i) => sum + (inMemory[i] ? 0 : b), 0),
        )
        for (const [table, rows] of spool.rows.entries()) {
          const wanted = Array.from({ length: n * rows.d }, (_, i) =>
            valueAt(table, Math.floor(i / rows.d), i % rows.d),
          )
          assert.equal(await readBack(rows), wanted)
        }
        await spool.close()
      },
    ),
    { numRuns: 40 },
  ))

test('leaves no name in its folder while it is open, and no file after', async () => {
  const spool = right(await openSpool(tables, 9, { held: 0, folder })())
  await fill(spool, 9, 4)
  assert.equal(readdirSync(folder), [])
  const files = spool.rows.flatMap(rows => ('fd' in rows ? [rows.fd] : []))
  assert.is(files.length, 2)
  await spool.close()
  for (const fd of files) assert.throws(() => fstatSync(fd))
})

test('says before anything is read that the folder has too little room', async () => {
  const failed = left(await openSpool(tables, 2 ** 46, { held: 0, folder })())
  assert.is(failed.exit, 1)
  assert.match(showFault(failed), /free, where features need 2\.10e\+6 GiB; .*TMPDIR/)
  assert.match(
    showFault(left(await openSpool(tables, 9, { held: 0, folder: join(folder, 'none') })())),
    /cannot write .*ENOENT/,
  )
})

test('gives a fault where writing fails, once it has settled', async () => {
  const spool = right(await openSpool(tables, 9, { held: 0, folder })())
  for (const rows of spool.rows) if ('fd' in rows) closeSync(rows.fd)
  spool.add(batchOf(0, 4), 0, 4)
  const failed = left(await spool.settled())
  assert.match(showFault(failed), /^folder .*: cannot write .*EBADF.* features were kept there;/)
  await spool.close()
})

test.run()
