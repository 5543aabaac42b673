// `bun bench/tables.ts` puts the results of bench/results into the tables of docs/performance.md and docs/study.md, between
// their marks.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

const Figures = t.record(t.string, t.union([t.number, t.string, t.null]))
const Result = t.type({
  bench: t.string,
  date: t.string,
  device: Figures,
  versions: Figures,
  rows: t.array(Figures),
})
type Result = t.TypeOf<typeof Result>

const root = join(import.meta.dir, '..')

/** A number with three digits, or as it is where it is whole. */
const shown = (value: number | string | null | undefined): string =>
  typeof value !== 'number'
    ? (value ?? '–')
    : Math.abs(value) >= 1000
      ? Math.round(value).toLocaleString('en')
      : String(Number(value.toPrecision(3)))

const tableOf = ({ device, date, versions, rows }: Result): string => {
  const names = [...new Set(rows.flatMap(row => Object.keys(row)))]
  const line = (cells: ReadonlyArray<string>): string => `| ${cells.join(' | ')} |`
  const said = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  const where =
    device.adapter === undefined
      ? `${device.cpu}, ${device.threads} threads`
      : `${device.adapter} (${device.driver}), kernel family \`${device.family}\``
  return [
    `${date}; ${where}; ${said.join(', ')}.`,
    '',
    line(names),
    line(names.map((_, i) => (i === 0 ? '---' : '---:'))),
    ...rows.map(row => line(names.map(name => shown(row[name])))),
  ].join('\n')
}

const resultOf = async (path: string): Promise<Result> => {
  const decoded = Result.decode(await Bun.file(join(root, path)).json())
  if (E.isLeft(decoded)) throw new Error(`${path} is no result of collapse bench`)
  return decoded.right
}

const marks = /<!-- (bench\/results\/[\w-]+\.json) -->\n[\s\S]*?<!-- end -->/g

const fill = async (page: string): Promise<void> => {
  const path = join(root, 'docs', page)
  const text = await Bun.file(path).text()
  const tables = new Map<string, string>()
  for (const [, from = ''] of text.matchAll(marks)) {
    if (existsSync(join(root, from))) tables.set(from, tableOf(await resultOf(from)))
  }
  const filled = text.replace(marks, (all, from) => {
    const table = tables.get(from)
    return table === undefined ? all : `<!-- ${from} -->\n\n${table}\n\n<!-- end -->`
  })
  await Bun.write(path, filled)
}

for (const page of ['performance.md', 'study.md']) await fill(page)
