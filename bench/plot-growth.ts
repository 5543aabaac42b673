// `bun bench/plot-growth.ts RESULT.json PICTURE.svg` draws a result of `collapse bench growth`: points and the model's line.
import * as E from 'fp-ts/Either'
import * as t from 'io-ts'
import type { TopLevelSpec } from 'vega-lite'

const Row = t.type({ sweep: t.string, x: t.number, ms: t.number, 'model ms': t.number })
const Result = t.type({ rows: t.array(Row) })

/** Grey that is read on white and on black. */
const ink = '#808080'
const blue = '#3b82c4'

const titles: Readonly<Record<string, string>> = {
  N: 'measure: samples N (d = 512, K = 10)',
  d: 'measure: width d (N = 8,000, K = 10)',
  K: 'measure: classes K (N = 8,000, d = 512)',
  batch: 'training step of ResNet-20: batch',
  depth: 'training step, batch 32: depth',
}

const axis = { grid: true, gridColor: ink, gridOpacity: 0.2, labelColor: ink, titleColor: ink }

const panel = (sweep: string, rows: ReadonlyArray<t.TypeOf<typeof Row>>) => ({
  width: 220,
  height: 150,
  title: { text: titles[sweep] ?? sweep, color: ink, fontSize: 12, fontWeight: 'normal' as const },
  data: { values: rows.filter(row => row.sweep === sweep) },
  layer: [
    { mark: { type: 'line' as const, color: ink, strokeDash: [5, 3] }, y: 'model ms' },
    { mark: { type: 'point' as const, color: blue, filled: true, size: 45, opacity: 1 }, y: 'ms' },
  ].map(({ mark, y }) => ({
    mark,
    encoding: {
      x: {
        field: 'x',
        type: 'quantitative' as const,
        scale: { type: 'log' as const, base: 2, nice: false },
        axis: { ...axis, title: null, values: rows.filter(r => r.sweep === sweep).map(r => r.x) },
      },
      y: {
        field: y,
        type: 'quantitative' as const,
        scale: { type: 'log' as const },
        axis: { ...axis, title: 'ms', titleAngle: 0, titleY: -8, titleX: -12, tickCount: 4 },
      },
    },
  })),
})

const [from = '', to = ''] = process.argv.slice(2)
const decoded = Result.decode(await Bun.file(from).json())
if (E.isLeft(decoded)) throw new Error(`${from} is no result of bench growth`)
const { rows } = decoded.right
const spec: TopLevelSpec = {
  background: 'transparent',
  columns: 3,
  spacing: 28,
  concat: Object.keys(titles).map(sweep => panel(sweep, rows)),
  config: { view: { stroke: null }, font: 'system-ui, sans-serif' },
}
const [vega, lite] = await Promise.all([import('vega'), import('vega-lite')])
const view = new vega.View(vega.parse(lite.compile(spec).spec), { renderer: 'none' })
await Bun.write(to, await view.toSVG())
view.finalize()
