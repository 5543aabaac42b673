// `bun bench/plot-transfer.ts` draws the kept transfers of bench/results for docs/study.md: accuracy and nc1 by tuned
// block, and accuracy by images per class (Figure 11 of the paper).
import { join } from 'node:path'
import * as E from 'fp-ts/Either'
import * as t from 'io-ts'
import type { TopLevelSpec } from 'vega-lite'

const Row = t.type({
  way: t.string,
  'images per class': t.number,
  seed: t.number,
  'test %': t.number,
  nc1: t.number,
})
const Result = t.type({ rows: t.array(Row) })

const results = join(import.meta.dir, 'results')
const docs = join(import.meta.dir, '..', 'docs')

const rowsOf = async (name: string) => {
  const file = Bun.file(join(results, `transfer-${name}.json`))
  if (!(await file.exists())) return []
  const decoded = Result.decode(await file.json())
  if (E.isLeft(decoded)) throw new Error(`transfer-${name}.json is no kept transfer`)
  return decoded.right.rows.map(({ way, ...row }) => {
    const [method = way, block] = way.split(', block ')
    return { ...row, method, block: block ?? '', data: name }
  })
}

/** Grey that is read on white and on black. */
const ink = '#808080'
const methods = ['linear probe', 'Layer FT', 'SCL FT', 'full FT']
const colours = ['#808080', '#3b82c4', '#d97706', '#16a34a']
const axis = { grid: true, gridColor: ink, gridOpacity: 0.2, labelColor: ink, titleColor: ink }
const colour = {
  field: 'method',
  type: 'nominal' as const,
  scale: { domain: methods, range: colours },
  legend: { title: null, labelColor: ink, orient: 'top' as const },
}
/** SCL and Layer FT often lie on each other. */
const dash = {
  condition: { test: "datum.method === 'SCL FT'", value: [6, 6] },
  value: [1, 0],
}
const config = { view: { stroke: null }, font: 'system-ui, sans-serif' }

const save = async (spec: TopLevelSpec, name: string): Promise<void> => {
  const [vega, lite] = await Promise.all([import('vega'), import('vega-lite')])
  const view = new vega.View(vega.parse(lite.compile(spec).spec), { renderer: 'none' })
  await Bun.write(join(docs, name), await view.toSVG())
  view.finalize()
}

const title = (text: string) => ({
  text,
  color: ink,
  fontSize: 12,
  fontWeight: 'normal' as const,
})

const studies = (await Promise.all(['cifar10', 'cifar100', 'tiny-imagenet'].map(rowsOf))).filter(
  rows => rows.length > 0,
)

/** Accuracy against nc1 after tuning; the number is the tuned block. */
const scatter = (rows: (typeof studies)[number]) => ({
  width: 220,
  height: 180,
  title: title(rows[0]?.data ?? ''),
  data: { values: rows },
  encoding: {
    x: {
      field: 'nc1',
      type: 'quantitative' as const,
      scale: { zero: false },
      axis: { ...axis, title: 'nc1 of the classifier’s input' },
    },
    y: {
      field: 'test %',
      type: 'quantitative' as const,
      scale: { zero: false },
      axis: { ...axis, title: 'test %', titleAngle: 0, titleY: -8, titleX: -12 },
    },
    color: colour,
  },
  layer: [
    { mark: { type: 'point' as const, filled: true, size: 60, opacity: 1 } },
    {
      mark: { type: 'text' as const, dx: 9, dy: -5, fontSize: 10 },
      encoding: { text: { field: 'block', type: 'nominal' as const } },
    },
  ],
})

await save(
  { background: 'transparent', columns: 3, spacing: 28, concat: studies.map(scatter), config },
  'study-ways.svg',
)

const few = await rowsOf('few')
if (few.length > 0) {
  const x = {
    field: 'images per class',
    type: 'quantitative' as const,
    scale: { type: 'log' as const, nice: false },
    axis: { ...axis, values: [...new Set(few.map(row => row['images per class']))] },
  }
  const y = (aggregate: 'mean' | 'min' | 'max') => ({
    field: 'test %',
    aggregate,
    type: 'quantitative' as const,
    scale: { zero: false },
    axis: { ...axis, title: 'test %', titleAngle: 0, titleY: -8, titleX: -12 },
  })
  await save(
    {
      background: 'transparent',
      width: 420,
      height: 260,
      data: { values: few },
      layer: [
        {
          mark: { type: 'line', point: true },
          encoding: { x, y: y('mean'), color: colour, strokeDash: dash },
        },
        {
          mark: { type: 'rule', opacity: 0.5 },
          encoding: { x, y: y('min'), y2: { field: 'test %', aggregate: 'max' }, color: colour },
        },
      ],
      config,
    },
    'study-few.svg',
  )
}
