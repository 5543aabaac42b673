// `bun bench/keep-transfer.ts NAME RESULT.json...` keeps results of `collapse transfer` as one in bench/results: without
// paths, with the curves, and what the paper's order of ways comes to.
import * as E from 'fp-ts/Either'
import { TransferConfig } from '../src/codec/transfer-config.ts'
import { TransferResult, type TransferRow } from '../src/codec/transfer-result.ts'
import { spearman } from '../src/core/correlation.ts'
import { keep, percent, settingOf } from './keep.ts'
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

const wayOf = ({ method, unit }: TransferRow): string =>
  unit === null ? names[method] : `${names[method]}, block ${unit}`

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
    'the same without full FT': spearman(
      nc1.filter((_, i) => rows[i]?.method !== 'full'),
      accuracy.filter((_, i) => rows[i]?.method !== 'full'),
    ),
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
  settings: results.map(result => settingOf(TransferConfig.encode(result.config), result)),
  order: results.map(orderOf),
  rows: results.flatMap(result => result.rows.map(row => rowOf(row, result))),
  curves: results.map(result => result.rows.map(curveOf)),
}
await keep(kept)
