// nc1 layer by layer: over the epochs of pre-training (Figure 2) and for the ways of tuning (Figure 10).
import type { DemoResult } from '../experiments/demo-result.ts'
import { type Chart, frame, nameAxis, type Size, yAxis } from './chart-frame.ts'
import { linesSpec, tickNames } from './chart-lines.ts'
import { significant } from './format.ts'
import { methodName, type Shown } from './names.ts'
import { epochColour, methodColour, methodDash, methodShape } from './palette.ts'
import { logScale, type Scale, shows } from './scales.ts'

const at = (values: ReadonlyArray<number>, i: number): number => values.at(i) ?? Number.NaN

/** nc1 against layer on a log scale, one line for each measured epoch of pre-training. */
export const epochsChart = ({ source, layers }: DemoResult, size: Size): Chart => {
  const last = source.at(-1)
  const seen =
    last === undefined
      ? ''
      : ` After epoch ${last.epoch} it goes from ${significant(at(last.nc1, 0))} at the first layer to ${significant(at(last.nc1, -1))} at the last.`
  return {
    alt: `Lines of nc1 by hidden layer on a log scale, one for each of ${source.length} measured epochs.${seen}`,
    spec: linesSpec(
      source.map(({ epoch, nc1 }, i) => ({
        name: String(epoch),
        colour: epochColour(i),
        values: nc1,
      })),
      {
        names: tickNames(layers, size.width - 60),
        x: 'hidden layer',
        y: 'nc1, log scale',
        scale: logScale(source.flatMap(epoch => epoch.nc1)),
      },
      size,
    ),
  }
}

/** A run as a panel draws it: nc1 by layer, then of the classifier's input; NaN where there is none. */
export interface PanelRow {
  readonly method: Shown
  readonly layer: string | null
  readonly nc1: ReadonlyArray<number>
  readonly penultimateNc1: number
}

/** The runs to draw, and the names of the layers. */
export interface Panelled {
  readonly transfer: ReadonlyArray<PanelRow>
  readonly layers: ReadonlyArray<string>
}

/** One small picture of Figure 10: the tuned layer, null where it is none or all, and its runs. */
export interface Panel {
  readonly layer: string | null
  readonly title: string
  readonly rows: ReadonlyArray<PanelRow>
}

const isReference = (row: PanelRow): boolean => row.method === 'probe'

/** A panel for each tuned layer with the linear probe in it, one for each other choice, and one for full fine-tuning. */
export const panelsOf = ({ transfer, layers }: Panelled): ReadonlyArray<Panel> => {
  const probe = transfer.filter(isReference)
  const tuned = layers.flatMap(layer => {
    const rows = transfer.filter(row => row.layer === layer)
    return rows.length === 0 ? [] : [{ layer, title: layer, rows: [...probe, ...rows] }]
  })
  const full = transfer.filter(row => row.method === 'full')
  const chosen = transfer
    .filter(row => row.method === 'paths')
    .map(row => ({ layer: null, title: row.layer ?? '', rows: [...probe, row] }))
  const whole = { layer: null, title: 'the whole network', rows: [...probe, ...full] }
  return [...tuned, ...chosen, ...(full.length === 0 ? [] : [whole])]
}

/** The scale of nc1 that all panels share. */
export const panelScale = ({ transfer }: Panelled): Scale =>
  logScale(transfer.flatMap(row => [...row.nc1, row.penultimateNc1]))

interface PanelPoint {
  readonly method: string
  readonly layer: string
  readonly nc1: number
}

const head = 'in'

const pointsOf = (row: PanelRow, scale: Scale): ReadonlyArray<PanelPoint> =>
  [...row.nc1, row.penultimateNc1].flatMap((nc1, i, all) =>
    shows(scale, nc1)
      ? [
          {
            method: methodName[row.method],
            layer: i === all.length - 1 ? head : String(i + 1),
            nc1,
          },
        ]
      : [],
  )

const byMethod = (present: ReadonlyArray<Shown>) => {
  const domain = present.map(method => methodName[method])
  return {
    color: {
      field: 'method',
      type: 'nominal' as const,
      scale: { domain, range: present.map(methodColour) },
      legend: null,
    },
    shape: {
      field: 'method',
      type: 'nominal' as const,
      scale: { domain, range: present.map(method => methodShape[method]) },
      legend: null,
    },
    strokeDash: {
      field: 'method',
      type: 'nominal' as const,
      scale: { domain, range: present.map(method => [...methodDash[method]]) },
      legend: null,
    },
  }
}

const panelAlt = ({ title, rows }: Panel): string => {
  const ends = rows.map(row => `${methodName[row.method]} ${significant(row.penultimateNc1)}`)
  return `Lines of nc1 by hidden layer on a log scale, ${title} tuned. At the classifier's input: ${ends.join(', ')}.`
}

/** nc1 against layer, then at the classifier's input, for the runs of one panel; the tuned layer stands in a band. */
export const panelChart = (
  panel: Panel,
  layers: ReadonlyArray<string>,
  scale: Scale,
  size: Size,
): Chart => {
  const names = [...layers.map((_, i) => String(i + 1)), head]
  const present = [...new Set(panel.rows.map(row => row.method))]
  const { color, shape, strokeDash } = byMethod(present)
  const x = { field: 'layer', ...nameAxis('', names) }
  const y = { field: 'nc1', ...yAxis('', scale, 'nc1') }
  const tuned = panel.layer === null ? [] : [{ layer: String(layers.indexOf(panel.layer) + 1) }]
  return {
    alt: panelAlt(panel),
    spec: {
      ...frame(size),
      data: { values: panel.rows.flatMap(row => pointsOf(row, scale)) },
      encoding: { x },
      layer: [
        {
          data: { values: tuned },
          mark: { type: 'rect', width: 18, fill: 'currentColor', fillOpacity: 0.08 },
        },
        { mark: { type: 'line', strokeWidth: 2 }, encoding: { y, color, strokeDash } },
        {
          mark: { type: 'point', filled: true, size: 34, opacity: 1 },
          encoding: { y, color, shape },
        },
      ],
    },
  }
}
