// What `collapse models` does: makes every network's shapes, counts, prints a table or JSON.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { type Fault, fault } from '../../src/core/fault.ts'
import { showShapeErrors } from '../../src/core/value.ts'
import { flopsOf } from '../../src/models/flops.ts'
import { countParameters, headName, initModel, unitsOf } from '../../src/models/model.ts'
import { type Entry, entries } from '../../src/models/registry.ts'
import { columns } from '../../src/report/text-layout.ts'
import type { Run } from '../run.ts'

/** A fine-tuning unit: its number from 1, and the shape of its output for one image. */
export interface UnitLine {
  readonly number: number
  readonly name: string
  readonly parameters: number
  readonly output: ReadonlyArray<number>
}

/** A network: `backbone` are its parameters without the classifier, `width` that of its features. */
export interface ModelLine {
  readonly name: string
  readonly about: string
  readonly input: ReadonlyArray<number>
  readonly classes: number
  readonly parameters: number
  readonly backbone: number
  readonly width: number
  readonly flops: number
  readonly blocks: ReadonlyArray<UnitLine>
}

const lineOf = (name: string, entry: Entry): E.Either<Fault, ModelLine> => {
  const model = entry.make(entry)
  return pipe(
    initModel(model),
    E.mapLeft(e => fault(showShapeErrors([e]), `model ${name}`, 'report this')),
    E.map(init => ({
      name,
      about: entry.about,
      input: model.input,
      classes: model.classes,
      parameters: countParameters(init),
      backbone: countParameters(init) - countParameters(init, headName(model)),
      width: init.width,
      flops: flopsOf(model, init),
      blocks: unitsOf(model).map(({ number, index, block }) => ({
        number,
        name: block.name,
        parameters: countParameters(init, block.name),
        output: init.taps[index]?.shape ?? [],
      })),
    })),
  )
}

/** All networks. */
export const modelLines: E.Either<Fault, ReadonlyArray<ModelLine>> = pipe(
  Object.entries(entries),
  E.traverseArray(([name, entry]) => lineOf(name, entry)),
)

const grouped = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',')

const giga = (n: number): string => (n / 1e9).toPrecision(3)

const table = (lines: ReadonlyArray<ModelLine>): string =>
  columns([
    { title: 'network', side: 'left', cells: lines.map(l => l.name) },
    { title: 'input', side: 'right', cells: lines.map(l => l.input.join(' x ')) },
    { title: 'parameters', side: 'right', cells: lines.map(l => grouped(l.parameters)) },
    { title: 'units', side: 'right', cells: lines.map(l => String(l.blocks.length)) },
    { title: 'GFLOP', side: 'right', cells: lines.map(l => giga(l.flops)) },
    { title: '', side: 'left', cells: lines.map(l => l.about) },
  ]).join('\n')

/** The command: a table on stdout, all of it as JSON with `--json`. */
export const runModels: Run<object> = (_, { common, print }) =>
  pipe(
    TE.fromEither(modelLines),
    TE.map(lines => {
      print(common.json ? JSON.stringify(lines, null, 2) : table(lines))
      return 'done' as const
    }),
  )
