// The names under which methods and rows appear in the table, the claims and the figures.
import type { Method, TransferRow } from '../experiments/demo-result.ts'

/** The four ways in the paper's order. */
export const methods: ReadonlyArray<Method> = ['probe', 'layer', 'scl', 'full']

/** The ways that are shown: the paper's, and a choice of parameters of one's own. */
export type Shown = Method | 'paths'

/** All of them in order. */
export const shownMethods: ReadonlyArray<Shown> = ['probe', 'layer', 'scl', 'paths', 'full']

/** What each way is called, the paper's as there. */
export const methodName: Readonly<Record<Shown, string>> = {
  probe: 'Linear probe',
  layer: 'Layer FT',
  scl: 'SCL FT',
  paths: 'Chosen',
  full: 'Full FT',
}

/** A way in running text: `SCL FT of layer3.0`, or the method alone. */
export const tunedName = ({
  method,
  layer,
}: {
  readonly method: Shown
  readonly layer: string | null
}): string =>
  layer === null
    ? methodName[method]
    : `${methodName[method]}${method === 'paths' ? ':' : ' of'} ${layer}`

/** A row in running text: `SCL FT of layer 3`, or the method alone. */
export const rowName = (row: TransferRow): string => tunedName(row)
