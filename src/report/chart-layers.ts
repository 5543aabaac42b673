// A metric by layer of a network: nc1 with its null baseline in large, the others in small.
import type { LayerReport } from '../collapse/layer-report.ts'
import type { MetricName } from '../collapse/measure.ts'
import type { Chart, Size } from './chart-frame.ts'
import { linesSpec, tickNames } from './chart-lines.ts'
import { significant } from './format.ts'
import { baselineColour, metricColour } from './palette.ts'
import { linearScale, logScale, type Scale } from './scales.ts'

type Layers = ReadonlyArray<LayerReport>

/** A metric as it is drawn: which kind of axis, and the value of perfect collapse that a linear axis includes. */
export interface Drawn {
  readonly name: MetricName
  readonly title: string
  readonly kind: Scale['kind']
  readonly collapsed: number
}

/** The small pictures, in order. */
export const drawnMetrics: ReadonlyArray<Drawn> = [
  { name: 'cdnv', title: 'variance by class distance', kind: 'log', collapsed: 0 },
  { name: 'numericalRank', title: 'directions of a class', kind: 'linear', collapsed: 1 },
  { name: 'etfDistance', title: 'distance to a simplex', kind: 'linear', collapsed: 0 },
  { name: 'equinorm', title: 'spread of mean lengths', kind: 'linear', collapsed: 0 },
  { name: 'equiangularity', title: 'spread of mean angles', kind: 'linear', collapsed: 0 },
  { name: 'traceW', title: 'variance within classes', kind: 'log', collapsed: 0 },
  { name: 'traceB', title: 'variance between classes', kind: 'log', collapsed: 0 },
]

/** The values that a layer has of a metric, in order. */
export const valuesOf = (layers: Layers, name: MetricName): ReadonlyArray<number> =>
  layers.flatMap(layer => layer[name] ?? [])

/** Whether there is a line to draw: values at two layers at least. */
export const isDrawable = (layers: Layers, name: MetricName): boolean =>
  valuesOf(layers, name).length > 1

/** Names on the axis: the blocks' own where there is room, else their numbers; `in` for the classifier's input. */
const namesOf = (layers: Layers, width: number): ReadonlyArray<string> => {
  const blocks = layers.filter(({ unit }) => unit !== null).map(({ layer }) => layer)
  const names = tickNames(blocks, (width * blocks.length) / Math.max(1, layers.length))
  return layers.map(({ unit }, i) => (unit === null ? 'in' : (names[i] ?? String(unit))))
}

const ends = (layers: Layers, name: MetricName): string => {
  const [first, last] = [layers.at(0), layers.at(-1)]
  const said = (layer: LayerReport | undefined): string =>
    `${significant(layer?.[name] ?? Number.NaN)} at ${layer?.layer ?? ''}`
  return `from ${said(first)} to ${said(last)}`
}

/** nc1 by layer on a log scale, and what features without structure would have, as a broken line. */
export const nc1Chart = (layers: Layers, size: Size): Chart => {
  const all = [...valuesOf(layers, 'nc1'), ...valuesOf(layers, 'nullNc1')]
  const hasNull = isDrawable(layers, 'nullNc1')
  return {
    alt: `Line of nc1 by layer on a log scale, ${ends(layers, 'nc1')}.${hasNull ? ` Broken line: nc1 without structure, ${ends(layers, 'nullNc1')}.` : ''}`,
    spec: linesSpec(
      [
        {
          name: 'nullNc1',
          colour: baselineColour,
          reference: true,
          values: layers.map(layer => layer.nullNc1),
        },
        { name: 'nc1', colour: metricColour, values: layers.map(layer => layer.nc1) },
      ],
      {
        names: namesOf(layers, size.width - 60),
        x: "fine-tuning unit; in: the classifier's input",
        y: 'nc1, log scale',
        scale: logScale(all),
      },
      size,
    ),
  }
}

/** One metric by layer; a linear axis begins at the value of perfect collapse. */
export const metricChart = (
  layers: Layers,
  { name, title, kind, collapsed }: Drawn,
  size: Size,
): Chart => {
  const values = valuesOf(layers, name)
  const scale = kind === 'log' ? logScale(values) : linearScale([...values, collapsed], collapsed)
  return {
    alt: `Line of ${name} (${title}) by layer${kind === 'log' ? ' on a log scale' : ''}, ${ends(layers, name)}.`,
    spec: linesSpec(
      [{ name, colour: metricColour, values: layers.map(layer => layer[name]) }],
      { names: namesOf(layers, 0), x: '', y: '', scale },
      size,
    ),
  }
}
