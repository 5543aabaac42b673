// What a benchmark gives: figures by name, with the device and the versions that they were taken on.
import { version as collapse } from '../package.json'
import type { EngineInfo } from '../src/device/engine.ts'

/** Figures by name; units are part of the name (`ms`, `gflops`); null where a peer is not installed. */
export type Figures = Readonly<Record<string, number | string | null>>

/** A benchmark's result: a row per thing measured, ratios against peers of the same run. */
export interface BenchResult {
  readonly bench: string
  readonly date: string
  readonly device: Figures
  readonly versions: Figures
  readonly rows: ReadonlyArray<Figures>
}

/** The middle of a list; the mean of the two middle ones where their number is even. */
export const median = (xs: ReadonlyArray<number>): number => {
  const sorted = [...xs].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [a, b] = [sorted[middle - 1 + (sorted.length % 2)], sorted[middle]]
  return ((a ?? Number.NaN) + (b ?? Number.NaN)) / 2
}

/** Adapter, driver, kernel family and precision of an engine, and whether it was tuned. */
export const deviceFigures = (info: EngineInfo): Figures => ({
  engine: info.engine,
  adapter: info.adapter,
  driver: info.driver,
  vendor: info.vendor,
  family: info.family,
  precision: info.precision,
  tuning: info.tuned ? 'measured' : 'estimates',
})

/** Versions of what runs. */
export const versionFigures = (peers: Figures = {}): Figures => ({
  collapse,
  bun: Bun.version,
  ...peers,
})

/** Today's date, as results are kept. */
export const today = (): string => new Date().toISOString().slice(0, 10)
