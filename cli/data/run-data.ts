// What `collapse data` does: looks where data sets are, counts what a spec takes, prints it.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { showFault } from '../../src/core/fault.ts'
import { type DataSet, dataSets } from '../../src/data/data-sets.ts'
import {
  type DataDescription,
  describeData,
  type Range,
  type SplitDescription,
} from '../../src/data/describe.ts'
import type { DataFlags } from '../data.ts'
import type { Ending } from '../exit.ts'
import type { Run } from '../run.ts'

/** A data set that can be named: where it is, or how to get it. */
export interface Listed {
  readonly name: string
  readonly about: string
  /** The folder; null where it is not there, and for sets that are given by a path. */
  readonly where: string | null
  readonly missing: string | null
}

const listedOf = (name: string, set: DataSet, dataRoot: string): Listed => {
  const { about } = set
  if (set._tag === 'Files') return { name: `${name}:PATH`, about, where: null, missing: null }
  return pipe(
    set.locate(dataRoot),
    E.fold(
      (fault): Listed => ({ name, about, where: null, missing: showFault(fault) }),
      where => ({ name, about, where, missing: null }),
    ),
  )
}

/** All data sets, and which of them are there. */
export const listData = (dataRoot: string): ReadonlyArray<Listed> =>
  Object.entries(dataSets).map(([name, set]) => listedOf(name, set, dataRoot))

const listLines = (sets: ReadonlyArray<Listed>): ReadonlyArray<string> =>
  sets.flatMap(({ name, about, where, missing }) => [
    `${name.padEnd(14)} ${about}`,
    ...(where === null ? [] : [`${' '.repeat(15)}${where}`]),
    ...(missing === null ? [] : [`${' '.repeat(15)}not here: ${missing}`]),
  ])

const MOST_LINES = 20

const showRange = ([least, most]: Range): string =>
  least === most ? `${least}` : `${least}-${most}`

const splitLine = (split: string, { count, perClass, ...size }: SplitDescription): string => {
  const [least, most] = [Math.min(...perClass), Math.max(...perClass)]
  const among = size.looked < count ? ` (${size.looked} looked at)` : ''
  return `${split.padEnd(8)} ${count} images, ${showRange([least, most])} a class, ${showRange(
    size.width,
  )} x ${showRange(size.height)} pixels${among}`
}

/** A name fit for a terminal: control characters away, long ones cut. */
const plain = (name: string): string => name.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').slice(0, 40)

const classLines = ({ classes, splits }: DataDescription): ReadonlyArray<string> => {
  const shown = classes.slice(0, MOST_LINES).map(plain)
  const width = Math.max(...shown.map(name => name.length))
  const counts = Object.entries(splits).flatMap(([split, described]) =>
    'missing' in described ? [] : [{ split, perClass: described.perClass }],
  )
  const columns = (cell: (c: (typeof counts)[number]) => string): string =>
    counts.map(c => cell(c).padStart(8)).join('')
  return [
    `${'class'.padEnd(6 + width)}${columns(c => c.split)}`,
    ...shown.map(
      (name, i) =>
        `${String(i).padEnd(6)}${name.padEnd(width)}${columns(c => String(c.perClass[i] ?? 0))}`,
    ),
    ...(classes.length > MOST_LINES ? [`and ${classes.length - MOST_LINES} more: see --json`] : []),
  ]
}

const describedLines = (data: DataDescription): ReadonlyArray<string> => [
  `${data.spec} in ${data.where}: ${data.classes.length} classes`,
  ...Object.entries(data.splits).map(([split, described]) =>
    'missing' in described
      ? `${split.padEnd(8)} none: ${described.missing}`
      : splitLine(split, described),
  ),
  '',
  ...classLines(data),
]

/** The command: a list or a description on stdout, as JSON with `--json`. */
export const runData: Run<DataFlags> = ({ spec }, { common, print }) => {
  const show = <A>(value: A, lines: (value: A) => ReadonlyArray<string>): Ending => {
    print(common.json ? JSON.stringify(value, null, 2) : lines(value).join('\n'))
    return 'done'
  }
  return spec === undefined
    ? TE.right(show(listData(common.dataRoot), listLines))
    : pipe(
        describeData(spec, common.dataRoot),
        TE.map(description => show(description, describedLines)),
      )
}
