// Lines over layers: one for each series, a point at each layer that has a value.
import type { TopLevelSpec } from 'vega-lite'
import { frame, nameAxis, type Size, yAxis } from './chart-frame.ts'
import { type Scale, shows } from './scales.ts'

/** A line: one value for each layer, null where there is none. A `reference` is broken and has no points. */
export interface Series {
  readonly name: string
  readonly colour: string
  readonly reference?: boolean
  readonly values: ReadonlyArray<number | null>
}

/** What stands along the axes: the layers' names, the titles, and the scale of the values. */
export interface LineAxes {
  readonly names: ReadonlyArray<string>
  readonly x: string
  readonly y: string
  readonly scale: Scale
}

/** Short names where `width` pixels have no room for the layers' own: their numbers from 1. */
export const tickNames = (names: ReadonlyArray<string>, width: number): ReadonlyArray<string> => {
  const room = width / Math.max(1, names.length)
  return names.every(name => [...name].length * 10 < room) && new Set(names).size === names.length
    ? names
    : names.map((_, i) => String(i + 1))
}

const marksOf = (series: ReadonlyArray<Series>, { names, scale }: LineAxes) =>
  series.flatMap(({ name, values }) =>
    values.flatMap((value, i) =>
      value !== null && shows(scale, value)
        ? [{ series: name, layer: names[i] ?? String(i + 1), value }]
        : [],
    ),
  )

/** The specification of the lines; values that the scale cannot show are left out. */
export const linesSpec = (
  series: ReadonlyArray<Series>,
  axes: LineAxes,
  size: Size,
): TopLevelSpec => {
  const encoding = {
    x: { field: 'layer', ...nameAxis(axes.x, axes.names) },
    y: { field: 'value', ...yAxis(axes.y, axes.scale, 'nc1') },
    color: {
      field: 'series',
      type: 'nominal' as const,
      scale: { domain: series.map(({ name }) => name), range: series.map(({ colour }) => colour) },
      legend: null,
    },
  }
  const lines = series.filter(({ reference }) => reference !== true)
  const references = series.filter(({ reference }) => reference === true)
  return {
    ...frame(size),
    encoding,
    layer: [
      {
        data: { values: marksOf(references, axes) },
        mark: { type: 'line', strokeWidth: 1.6, strokeDash: [5, 3] },
      },
      {
        data: { values: marksOf(lines, axes) },
        mark: { type: 'line', strokeWidth: 2, point: { size: 28, filled: true } },
      },
    ],
  }
}
