// `bun bench/keep-probe.ts NAME RESULT.json` keeps a result of `collapse probe` in bench/results, without paths.
import * as E from 'fp-ts/Either'
import { ProbeConfig } from '../src/codec/probe-config.ts'
import { ProbeResult, type ProbeRow } from '../src/codec/probe-result.ts'
import { keep, percent, settingOf } from './keep.ts'
import { type Figures, today, versionFigures } from './result.ts'

const rowOf = (row: ProbeRow): Figures => ({
  layer: row.layer,
  unit: row.unit ?? 'classifier',
  width: row.width,
  'test %': percent(row.testAccuracy),
  'best %': percent(row.bestAccuracy),
  'train %': percent(row.trainAccuracy),
  nc1: row.nc1,
  'nc1 without structure': row.metrics.nullNc1,
  CDNV: row.metrics.cdnv,
  'numerical rank': row.metrics.numericalRank,
})

const [name = '', path = ''] = process.argv.slice(2)
const decoded = ProbeResult.decode(await Bun.file(path).json())
if (E.isLeft(decoded)) throw new Error(`${path} is no result of collapse probe`)
const result = decoded.right
await keep({
  bench: `probe-${name}`,
  date: today(),
  device: result.device,
  versions: versionFigures(),
  settings: settingOf(ProbeConfig.encode(result.config), result),
  agreement: result.agreement,
  rows: result.rows.map(rowOf),
  curves: result.rows.map(({ layer, epochs }) => ({
    layer,
    loss: epochs.map(({ loss }) => loss),
    train: epochs.map(({ trainAccuracy }) => trainAccuracy),
    test: epochs.map(({ testAccuracy }) => testAccuracy),
  })),
})
