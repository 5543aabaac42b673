// `bun bench/keep-transfer.ts NAME RESULT.json...` keeps results of `collapse transfer` as one in bench/results: without
// paths, with the curves, and what the paper's order of ways comes to.
import { join } from 'node:path'
import * as E from 'fp-ts/Either'
import { TransferConfig } from '../src/codec/transfer-config.ts'
import { TransferResult, type TransferRow } from '../src/codec/transfer-result.ts'
import { spearman } from '../src/core/correlation.ts'
import { type Figures, today, versionFigures } from './result.ts'

const read = async (path: string): Promise<TransferResult> => {
  const decoded = TransferResult.decode(await Bun.file(path).json())
  if (E.isLeft(decoded)) throw new Error(`${path} is no result of collapse transfer`)
  return decoded.right
}

const names = {
  probe: 'linear probe',
  layer: 'Layer FT',
  scl: 'SCL FT',
  full: 'full FT',
  paths: 'own',
}

/** Last path segments stand for paths: where files lie is nobody's business. */
const bare = (text: string): string => text.replace(/[\w./~-]*\//g, '')

const settingOf = ({ config, data, network }: TransferResult): Figures => {
  const { block, method, ...rest } = TransferConfig.encode(config)
  const scalars = Object.entries(rest).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[key, bare(value)]]
      : typeof value === 'number'
        ? [[key, value]]
        : [],
  )
  return {
    ...Object.fromEntries(scalars),
    'training images': data.train,
    'test images': data.test,
    classes: data.classes,
    pixels: network.input[0] ?? null,
  }
}

const wayOf = ({ method, unit }: TransferRow): string =>
  unit === null ? names[method] : `${names[method]}, block ${unit}`

const percent = (share: number): number => Math.round(1e4 * share) / 100

const rowOf = (row: TransferRow, { data, config }: TransferResult): Figures => ({
  way: wayOf(row),
  'images per class': data.train / data.classes,
  seed: config.seed,
  'test %': percent(row.testAccuracy),
  'best %': percent(row.bestAccuracy),
  'train %': percent(row.trainAccuracy),
  nc1: row.penultimateNc1,
  "encoder's nc1": row.encoder?.nc1 ?? null,
  CDNV: row.metrics.cdnv,
  'trained %': row.percent,
  'step MiB': (row.bytes.total - row.bytes.data) / 2 ** 20,
})

const curveOf = (row: TransferRow) => ({
  way: wayOf(row),
  loss: row.epochs.map(({ loss }) => loss),
  train: row.epochs.map(({ trainAccuracy }) => trainAccuracy),
  test: row.epochs.map(({ testAccuracy }) => testAccuracy),
  nc1: row.nc1,
})

const best = (rows: ReadonlyArray<TransferRow>, method: TransferRow['method']) =>
  rows
    .filter(row => row.method === method)
    .reduce<TransferRow | null>(
      (a, b) => (a !== null && a.testAccuracy >= b.testAccuracy ? a : b),
      null,
    )

const steps = (values: ReadonlyArray<number | null | undefined>, rises: boolean): string => {
  const held = values.slice(1).map((b, i) => {
    const a = values[i]
    return a != null && b != null && (rises ? b >= a : b <= a)
  })
  return `${held.filter(yes => yes).length} of ${held.length}`
}

/** The paper's order: SCL at least Layer at least probe in accuracy, the reverse in nc1; and how both go together. */
const orderOf = ({ rows, data, before }: TransferResult): Figures => {
  const ways = (['probe', 'layer', 'scl'] as const).map(method => best(rows, method))
  const accuracy = rows.map(row => row.testAccuracy)
  const nc1 = rows.map(row => row.penultimateNc1 ?? Number.NaN)
  const [probe] = accuracy
  return {
    'steps probe <= Layer <= SCL that hold in accuracy (best blocks)': steps(
      ways.map(way => way?.testAccuracy),
      true,
    ),
    'steps probe >= Layer >= SCL that hold in nc1 (the same blocks)': steps(
      ways.map(way => way?.penultimateNc1),
      false,
    ),
    'Spearman of nc1 and test accuracy over all ways': spearman(nc1, accuracy),
    'two standard errors of an accuracy, points':
      probe === undefined ? null : 200 * Math.sqrt((probe * (1 - probe)) / data.test),
    'nc1 before, by unit': before.nc1.map(n => n?.toPrecision(3) ?? '–').join(' '),
  }
}

const [name = '', ...paths] = process.argv.slice(2)
const results = await Promise.all(paths.map(read))
const [first] = results
if (first === undefined) throw new Error('give a name and results of collapse transfer')
const kept = {
  bench: `transfer-${name}`,
  date: today(),
  device: first.device,
  versions: versionFigures(),
  settings: results.map(settingOf),
  order: results.map(orderOf),
  rows: results.flatMap(result => result.rows.map(row => rowOf(row, result))),
  curves: results.map(result => result.rows.map(curveOf)),
}
const to = join(import.meta.dir, 'results', `transfer-${name}.json`)
await Bun.write(to, `${JSON.stringify(kept, null, 1)}\n`)
process.stdout.write(`${to}: ${kept.rows.length} rows\n`)
