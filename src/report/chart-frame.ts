// What all pictures share: fonts, axes without ink to spare, and colours that follow the page's theme.
import type { TopLevelSpec } from 'vega-lite'
import type { Scale } from './scales.ts'

/** The size of a whole picture in pixels, axes and labels within it. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** A picture and what it shows in words, for those who cannot see it. */
export interface Chart {
  readonly spec: TopLevelSpec
  readonly alt: string
}

/** The letters in pictures, in pixels. */
export const letter = 12

const ink = 'currentColor'

const axis = {
  labelColor: ink,
  labelOpacity: 0.8,
  labelFontSize: letter,
  labelPadding: 6,
  labelFlush: false,
  titleColor: ink,
  titleOpacity: 0.8,
  titleFontSize: letter,
  titleFontWeight: 'normal' as const,
  domainColor: ink,
  domainOpacity: 0.35,
  gridColor: ink,
  gridOpacity: 0.1,
  ticks: false,
}

/** The part of a specification that is the same for every picture of one size. */
export const frame = ({ width, height }: Size) => ({
  width,
  height,
  background: 'transparent',
  padding: 0,
  autosize: { type: 'fit' as const, contains: 'padding' as const },
  config: {
    font: 'system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif',
    aria: false,
    view: { stroke: null },
    axis,
    axisX: { grid: false },
    axisY: { domain: false },
  },
})

/** Labels of nc1 and its like: plain numbers, powers of ten where they are tiny. */
const plain =
  "datum.value !== 0 && abs(datum.value) < 0.001 ? format(datum.value, '.0e') : format(datum.value, '~r')"

/** How the numbers of an axis are written. */
export type Labels = 'nc1' | 'percent'

const labelling = (labels: Labels, scale: Scale) =>
  labels === 'nc1'
    ? { labelExpr: plain }
    : {
        format: scale.ticks.every(tick => Number.isInteger(Math.round(tick * 1e6) / 1e4))
          ? '.0%'
          : '.1%',
      }

const ends = ({ kind, low, high }: Scale) =>
  kind === 'log'
    ? { type: 'log' as const, domain: [low, high], nice: false }
    : { type: 'linear' as const, domain: [low, high], nice: false, zero: false }

/** A vertical axis, its title above it in reading direction. */
export const yAxis = (title: string, scale: Scale, labels: Labels) => ({
  type: 'quantitative' as const,
  scale: ends(scale),
  axis: {
    title,
    values: [...scale.ticks],
    titleAngle: 0,
    titleAlign: 'left' as const,
    titleBaseline: 'bottom' as const,
    titleX: -30,
    titleY: -13,
    ...labelling(labels, scale),
  },
})

/** A horizontal axis of numbers. */
export const xAxis = (title: string, scale: Scale, labels: Labels) => ({
  type: 'quantitative' as const,
  scale: ends(scale),
  axis: { title, values: [...scale.ticks], titlePadding: 8, ...labelling(labels, scale) },
})

/** A horizontal axis of names in the order of the data, upright, `share` of a step free at both ends. */
export const nameAxis = (title: string, names: ReadonlyArray<string>) => ({
  type: 'ordinal' as const,
  sort: null,
  scale: { type: 'point' as const, domain: [...names], padding: 0.35 },
  axis: { title, labelAngle: 0, labelOverlap: true, labelLimit: 90, titlePadding: 8 },
})
