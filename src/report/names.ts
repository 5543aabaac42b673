// The names under which methods and rows appear in the table, the claims and the figures.
import type { Method, TransferRow } from '../experiments/demo-result.ts'

/** The four ways in the paper's order. */
export const methods: ReadonlyArray<Method> = ['probe', 'layer', 'scl', 'full']

/** What each way is called in the paper. */
export const methodName: Readonly<Record<Method, string>> = {
  probe: 'Linear probe',
  layer: 'Layer FT',
  scl: 'SCL FT',
  full: 'Full FT',
}

/** A row in running text: `SCL FT of layer 3`, or the method alone. */
export const rowName = (row: TransferRow): string =>
  row.layer === null ? methodName[row.method] : `${methodName[row.method]} of ${row.layer}`
