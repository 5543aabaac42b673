// Planned bytes of a training step as stacked bars: one for each way of tuning, one colour for each kind.
import type { TransferRow } from '../codec/transfer-result.ts'
import { type Chart, frame, letter, type Size } from './chart-frame.ts'
import { bytes } from './format.ts'
import { methodName } from './names.ts'
import { methodColour } from './palette.ts'
import { clip } from './text-layout.ts'

/** The kinds of bytes in the order in which they are stacked, with what they are and their colours. */
export const byteKinds = [
  { name: 'weights', colour: methodColour('probe') },
  { name: 'gradients', colour: methodColour('scl') },
  { name: 'optimizer', colour: methodColour('full') },
  { name: 'activations', colour: methodColour('layer') },
  { name: 'data and scratch', colour: methodColour('paths') },
] as const

type KindName = (typeof byteKinds)[number]['name']

const bytesOf = ({ bytes: b }: TransferRow, kind: KindName): number =>
  kind === 'data and scratch' ? b.data + b.scratch : b[kind]

const barName = ({ method, unit, layer }: TransferRow): string =>
  clip([methodName[method], unit ?? layer ?? ''].join(' '), 22)

/** Bytes of one unit of the axis. */
const scaleOf = (most: number): { readonly unit: string; readonly size: number } =>
  most >= 2 ** 30
    ? { unit: 'GiB', size: 2 ** 30 }
    : most >= 2 ** 20
      ? { unit: 'MiB', size: 2 ** 20 }
      : { unit: 'KiB', size: 2 ** 10 }

const valuesOf = (rows: ReadonlyArray<TransferRow>, size: number) =>
  rows.flatMap(row =>
    byteKinds.map(({ name }, order) => ({
      way: barName(row),
      kind: name,
      order,
      value: bytesOf(row, name) / size,
    })),
  )

/** Height that the bars of so many rows take. */
export const bytesHeight = (rows: number): number => 60 + 26 * rows

/** One bar for each row, in order, as wide as all that is planned for a step of it. */
export const bytesChart = (rows: ReadonlyArray<TransferRow>, size: Size): Chart => {
  const { unit, size: one } = scaleOf(Math.max(1, ...rows.map(row => row.bytes.total)))
  const said = rows.map(row => `${barName(row)} ${bytes(row.bytes.total)}`)
  return {
    alt: `Bars of planned bytes: ${said.join(', ')}.`,
    spec: {
      ...frame({ width: size.width, height: bytesHeight(rows.length) }),
      data: { values: valuesOf(rows, one) },
      mark: { type: 'bar', height: 14 },
      encoding: {
        y: {
          field: 'way',
          type: 'nominal',
          sort: null,
          axis: { title: null, labelFontSize: letter, labelLimit: 150, domain: false },
        },
        x: {
          field: 'value',
          type: 'quantitative',
          stack: 'zero',
          axis: { title: unit, tickCount: 5, grid: true, titlePadding: 8 },
        },
        color: {
          field: 'kind',
          type: 'nominal',
          scale: {
            domain: byteKinds.map(({ name }) => name),
            range: byteKinds.map(({ colour }) => colour),
          },
          legend: null,
        },
        order: { field: 'order', type: 'quantitative' },
      },
    },
  }
}
