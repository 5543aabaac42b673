// The pictures of `collapse advise`: scores and costs by layer of a network.
import type { Cost, LayerAdvice } from '../codec/advice.ts'
import type { Chart, Size } from './chart-frame.ts'
import { linesSpec, type Series, tickNames } from './chart-lines.ts'
import { significant } from './format.ts'
import { baselineColour, methodColour, metricColour } from './palette.ts'
import { linearScale, logScale } from './scales.ts'

type Layers = ReadonlyArray<LayerAdvice>
type Values = ReadonlyArray<number | null>

/** Whether there is a line to draw: values at two layers at least. */
export const isDrawn = (values: Values): boolean => values.filter(x => x !== null).length > 1

const namesOf = (layers: Layers, width: number): ReadonlyArray<string> => {
  const units = layers.filter(({ unit }) => unit !== null).map(({ layer }) => layer)
  const names = tickNames(units, (width * units.length) / Math.max(1, layers.length))
  return layers.map(({ unit }, i) => (unit === null ? 'in' : (names[i] ?? String(unit))))
}

const present = (series: ReadonlyArray<Series>): ReadonlyArray<number> =>
  series.flatMap(({ values }) => values.flatMap(x => x ?? []))

const ends = (name: string, values: Values): string =>
  `${name} from ${significant(values.at(0) ?? Number.NaN)} to ${significant(values.at(-1) ?? Number.NaN)}`

const axis = "fine-tuning unit; in: the classifier's input"

/** nc1 with its interval and with shuffled labels, on a log scale. */
export const nc1AdviceChart = (layers: Layers, size: Size): Chart => {
  const values = layers.map(({ nc1 }) => nc1?.value ?? null)
  const broken = { colour: metricColour, reference: true }
  const series: ReadonlyArray<Series> = [
    {
      name: 'shuffled',
      colour: baselineColour,
      reference: true,
      values: layers.map(({ shuffledNc1 }) => shuffledNc1),
    },
    { name: 'low', ...broken, values: layers.map(({ nc1 }) => nc1?.low ?? null) },
    { name: 'high', ...broken, values: layers.map(({ nc1 }) => nc1?.high ?? null) },
    { name: 'nc1', colour: metricColour, values },
  ]
  return {
    alt: `Line of nc1 by layer on a log scale with its interval, ${ends('nc1', values)}.`,
    spec: linesSpec(
      series,
      {
        names: namesOf(layers, size.width - 60),
        x: axis,
        y: 'nc1, log scale',
        scale: logScale(present(series)),
      },
      size,
    ),
  }
}

/** Accuracies held out by layer, and after tuning where it was tried. */
export const accuracyChart = (layers: Layers, size: Size): Chart => {
  const probe = layers.map(layer => layer.probe?.value ?? null)
  const series: ReadonlyArray<Series> = [
    { name: 'probe', colour: methodColour('probe'), values: probe },
    {
      name: 'class mean',
      colour: methodColour('scl'),
      values: layers.map(({ nearestMean }) => nearestMean),
    },
    {
      name: 'tuned',
      colour: methodColour('full'),
      values: layers.map(({ reached }) => reached?.testAccuracy ?? null),
    },
  ]
  return {
    alt: `Lines of accuracy by layer, ${ends('the linear probe', probe)}.`,
    spec: linesSpec(
      series,
      {
        names: namesOf(layers, size.width - 60),
        x: axis,
        y: 'accuracy',
        scale: linearScale(present(series), 0, 1),
      },
      size,
    ),
  }
}

/** LogME or H-score by layer. */
export const scoreChart = (layers: Layers, score: 'logme' | 'hScore', size: Size): Chart => {
  const values = layers.map(layer => layer[score])
  return {
    alt: `Line of ${score} by layer, ${ends(score, values)}.`,
    spec: linesSpec(
      [{ name: score, colour: metricColour, values }],
      {
        names: layers.map(({ unit }) => (unit === null ? 'in' : String(unit))),
        x: 'unit',
        y: '',
        scale: linearScale(values.flatMap(x => x ?? [])),
      },
      size,
    ),
  }
}

/** What tuning a unit costs, by unit, on a log scale; at the classifier's input the linear probe's. */
export const costChart = (
  layers: Layers,
  of: keyof Pick<Cost, 'parameters' | 'secondsPerEpoch'>,
  size: Size,
): Chart => {
  const values = layers.map(({ cost }) => cost[of])
  return {
    alt: `Line of ${of} by tuned unit on a log scale, ${ends(of, values)}.`,
    spec: linesSpec(
      [{ name: of, colour: methodColour('scl'), values }],
      {
        names: layers.map(({ unit }) => (unit === null ? 'in' : String(unit))),
        x: 'tuned unit',
        y: '',
        scale: logScale(values),
      },
      size,
    ),
  }
}
