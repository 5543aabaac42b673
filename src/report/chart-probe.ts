// Accuracy and nc1 along the layers in one picture with two axes, after the left half of the paper's Figure 8.
import type { ProbeResult, ProbeRow } from '../codec/probe-result.ts'
import { type Chart, frame, nameAxis, type Size, yAxis } from './chart-frame.ts'
import { tickNames } from './chart-lines.ts'
import type { Scatter } from './chart-scatter.ts'
import { percent, significant } from './format.ts'
import { methodColour } from './palette.ts'
import { linearScale, logScale, type Scale, shows } from './scales.ts'

type Rows = ReadonlyArray<ProbeRow>

/** The colours of the two lines. */
export const accuracyColour = methodColour('layer')
export const nc1Colour = methodColour('scl')

/** The dashes of the line of nc1, so that the lines differ by more than colour. */
export const nc1Dash = '5 3'

/** Names on the axis: the blocks' own where there is room, else their numbers; `in` for the classifier's input. */
const namesOf = (rows: Rows, width: number): ReadonlyArray<string> => {
  const blocks = rows.filter(({ unit }) => unit !== null)
  const names = tickNames(
    blocks.map(({ layer }) => layer),
    (width * blocks.length) / Math.max(1, rows.length),
  )
  return rows.map(({ unit }) => {
    const at = blocks.findIndex(block => block.unit === unit)
    const name = names[at]
    return unit === null ? 'in' : name === String(at + 1) ? String(unit) : (name ?? String(unit))
  })
}

const line = (
  rows: Rows,
  names: ReadonlyArray<string>,
  of: (row: ProbeRow) => number | null,
  colour: string,
  {
    title,
    scale,
    labels,
    dash,
    right,
  }: {
    readonly title: string
    readonly scale: Scale
    readonly labels: 'percent' | 'nc1'
    readonly dash: ReadonlyArray<number>
    readonly right: boolean
  },
) => {
  const { axis, ...rest } = yAxis(title, scale, labels)
  const side = right
    ? { orient: 'right' as const, titleAlign: 'right' as const, titleX: 34, grid: false }
    : {}
  return {
    data: {
      values: rows.flatMap((row, i) => {
        const value = of(row)
        return value !== null && shows(scale, value) ? [{ layer: names[i] ?? '', value }] : []
      }),
    },
    mark: {
      type: 'line' as const,
      stroke: colour,
      strokeWidth: 2,
      strokeDash: [...dash],
      point: { size: 34, filled: true, fill: colour },
    },
    encoding: {
      y: {
        field: 'value',
        ...rest,
        axis: { ...axis, ...side, titleColor: colour, titleOpacity: 1 },
      },
    },
  }
}

const ends = (rows: Rows, of: (row: ProbeRow) => string): string => {
  const said = (row: ProbeRow | undefined): string =>
    row === undefined ? 'nothing' : `${of(row)} at ${row.layer}`
  return `from ${said(rows.at(0))} to ${said(rows.at(-1))}`
}

/** Test accuracy on the left axis, nc1 on the right one, on a log scale; a point for each layer. */
export const probeChart = (rows: Rows, size: Size): Chart => {
  const names = namesOf(rows, size.width - 100)
  const accuracies = linearScale(
    rows.flatMap(({ testAccuracy }) => testAccuracy ?? []),
    0,
    1,
  )
  const nc1s = logScale(rows.flatMap(({ nc1 }) => nc1 ?? []))
  return {
    alt: `Two lines by layer. Test accuracy ${ends(rows, row => percent(row.testAccuracy ?? Number.NaN))}; nc1 on a log scale ${ends(rows, row => significant(row.nc1 ?? Number.NaN))}.`,
    spec: {
      ...frame(size),
      encoding: {
        x: {
          field: 'layer',
          ...nameAxis("fine-tuning unit; in: the classifier's input", names),
        },
      },
      layer: [
        line(rows, names, row => row.testAccuracy, accuracyColour, {
          title: 'test accuracy',
          scale: accuracies,
          labels: 'percent',
          dash: [1, 0],
          right: false,
        }),
        line(rows, names, row => row.nc1, nc1Colour, {
          title: 'nc1, log scale',
          scale: nc1s,
          labels: 'nc1',
          dash: nc1Dash.split(' ').map(Number),
          right: true,
        }),
      ],
      resolve: { scale: { y: 'independent' } },
    },
  }
}

/** Accuracy against nc1, a point for each fine-tuning unit, after the right half of Figure 8. */
export const probeScatter = ({ rows }: ProbeResult): Scatter => ({
  points: rows.flatMap(({ unit, nc1, testAccuracy }) =>
    unit === null || nc1 === null || testAccuracy === null
      ? []
      : [{ method: 'probe' as const, label: String(unit), nc1, accuracy: testAccuracy }],
  ),
  kind: 'linear',
  x: "nc1 of the unit's output",
  y: 'test accuracy',
})
