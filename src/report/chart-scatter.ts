// Accuracy against nc1: the layers of the pre-trained network (Figure 8), and all ways of tuning.
import type { DemoResult } from '../experiments/demo-result.ts'
import { type Chart, frame, letter, type Size, xAxis, yAxis } from './chart-frame.ts'
import { fitLine } from '../core/correlation.ts'
import { correlation } from './format.ts'
import { methodName, type Shown } from './names.ts'
import { methodColour, methodShape } from './palette.ts'
import { placeLabels } from './place-labels.ts'
import { linearScale, logScale, place, type Scale, shows, valueAt } from './scales.ts'
import { type Correlations, correlations } from './verdict.ts'

/** A point of a scatter plot. `accuracy` is a share in [0, 1]; `label` may be empty. */
export interface ScatterPoint {
  readonly method: Shown
  readonly label: string
  readonly nc1: number
  readonly accuracy: number
}

/** Points, the scale of their nc1, and the titles of both axes. */
export interface Scatter {
  readonly points: ReadonlyArray<ScatterPoint>
  readonly kind: Scale['kind']
  readonly x: string
  readonly y: string
}

/** Figure 8: a linear classifier on each layer of the pre-trained network. */
export const layerScatter = ({ layerProbes }: DemoResult): Scatter => ({
  points: layerProbes.map(({ layer, nc1, testAccuracy }) => ({
    method: 'probe',
    label: layer,
    nc1,
    accuracy: testAccuracy,
  })),
  kind: 'linear',
  x: "nc1 of the layer's output",
  y: 'test accuracy',
})

/** All runs: accuracy against penultimate nc1, points labelled by the number of the tuned layer. */
export const methodScatter = ({ transfer, layers }: DemoResult): Scatter => ({
  points: transfer.map(row => ({
    method: row.method,
    label: row.layer === null ? row.method : String(layers.indexOf(row.layer) + 1),
    nc1: row.penultimateNc1,
    accuracy: row.testAccuracy,
  })),
  kind: 'log',
  x: 'penultimate nc1, log scale',
  y: 'test accuracy',
})

/** Correlations of the accuracy with nc1 as it is, and with its logarithm. */
export const scatterCorrelations = ({
  points,
}: Scatter): { readonly plain: Correlations; readonly log: Correlations } => {
  const nc1 = points.map(point => point.nc1)
  const accuracy = points.map(point => point.accuracy)
  return { plain: correlations(nc1, accuracy), log: correlations(nc1.map(Math.log10), accuracy) }
}

interface Axes {
  readonly x: Scale
  readonly y: Scale
}

const trend = (points: ReadonlyArray<ScatterPoint>, { x, y }: Axes) => {
  const shares = points.map(point => place(x, point.nc1))
  const line = fitLine(
    shares,
    points.map(point => point.accuracy),
  )
  if (line === null) return []
  const inside = (share: number): boolean => {
    const height = place(y, line.intercept + line.slope * share)
    return height >= 0 && height <= 1
  }
  const [from, to] = [Math.min(...shares), Math.max(...shares)]
  const shown = Array.from({ length: 101 }, (_, i) => from + ((to - from) * i) / 100).filter(inside)
  return [shown.at(0), shown.at(-1)]
    .filter(share => share !== undefined)
    .map(share => ({ nc1: valueAt(x, share), accuracy: line.intercept + line.slope * share }))
}

const labelsOf = (points: ReadonlyArray<ScatterPoint>, { x, y }: Axes, size: Size) => {
  const room = { width: size.width - 50, height: size.height - 66, letter }
  const spots = points.map(point => ({
    x: place(x, point.nc1) * room.width,
    y: (1 - place(y, point.accuracy)) * room.height,
    text: point.label,
  }))
  return placeLabels(spots, room).map((label, i) => ({
    text: label.text,
    align: label.align,
    method: methodName[points[i]?.method ?? 'probe'],
    nc1: valueAt(x, label.x / room.width),
    accuracy: valueAt(y, 1 - label.y / room.height),
  }))
}

const trendLayer = (points: ReadonlyArray<ScatterPoint>, axes: Axes) => ({
  data: { values: trend(points, axes) },
  mark: {
    type: 'line' as const,
    stroke: 'currentColor',
    strokeOpacity: 0.4,
    strokeDash: [4, 4],
    strokeWidth: 1.2,
  },
})

const pointLayer = (points: ReadonlyArray<ScatterPoint>) => {
  const present = [...new Set(points.map(point => point.method))]
  const domain = present.map(method => methodName[method])
  const colours = { domain, range: present.map(methodColour) }
  const shapes = { domain, range: present.map(method => methodShape[method]) }
  return {
    data: { values: points.map(point => ({ ...point, method: methodName[point.method] })) },
    mark: { type: 'point' as const, filled: true, size: 70, opacity: 1 },
    encoding: {
      color: { field: 'method', type: 'nominal' as const, scale: colours, legend: null },
      shape: { field: 'method', type: 'nominal' as const, scale: shapes, legend: null },
    },
  }
}

const labelLayers = (points: ReadonlyArray<ScatterPoint>, axes: Axes, size: Size) => {
  const labels = labelsOf(points, axes, size)
  return (['left', 'center', 'right'] as const).map(side => ({
    data: { values: labels.filter(({ align }) => align === side) },
    mark: {
      type: 'text' as const,
      align: side,
      baseline: 'middle' as const,
      fontSize: letter,
      fill: 'currentColor',
      fillOpacity: 0.85,
    },
    encoding: { text: { field: 'text', type: 'nominal' as const } },
  }))
}

/** Points with their labels and the least-squares line through them, in the colours and shapes of the methods. */
export const scatterChart = (scatter: Scatter, size: Size): Chart => {
  const x = (scatter.kind === 'log' ? logScale : linearScale)(scatter.points.map(p => p.nc1))
  const y = linearScale(
    scatter.points.map(point => point.accuracy),
    0,
    1,
  )
  const points = scatter.points.filter(p => shows(x, p.nc1) && shows(y, p.accuracy))
  const { r, rho } = scatterCorrelations(scatter)[scatter.kind === 'log' ? 'log' : 'plain']
  return {
    alt: `${points.length} points of test accuracy against nc1. Pearson ${correlation(r)}, Spearman ${correlation(rho)}.`,
    spec: {
      ...frame(size),
      encoding: {
        x: { field: 'nc1', ...xAxis(scatter.x, x, 'nc1') },
        y: { field: 'accuracy', ...yAxis(scatter.y, y, 'percent') },
      },
      layer: [
        trendLayer(points, { x, y }),
        pointLayer(points),
        ...labelLayers(points, { x, y }, size),
      ],
    },
  }
}
