// The ways that a config of `collapse transfer` asks for, in order.
import * as E from 'fp-ts/Either'
import { flow, pipe } from 'fp-ts/function'
import type { TransferConfig } from '../../src/codec/transfer-config.ts'
import type { TransferRow } from '../../src/codec/transfer-result.ts'
import { type Fault, fault } from '../../src/core/fault.ts'
import { headName, type Unit, unitsOf } from '../../src/models/model.ts'
import type { Network } from '../../src/train/network.ts'
import { among, freeze, tuneOnly, unmatched } from '../../src/transfer/tuned-model.ts'
import { type AnyWay, tunedBy } from '../../src/transfer/ways.ts'

/** One row to be: how it is called, and what it tunes. */
export interface Job extends Pick<TransferRow, 'method' | 'unit' | 'layer'> {
  readonly way: AnyWay
}

const chosen = (
  { model }: Network,
  blocks: ReadonlyArray<number> | null,
): E.Either<Fault, ReadonlyArray<Unit>> => {
  const units = unitsOf(model)
  const wrong = blocks?.find(number => number > units.length)
  return wrong === undefined
    ? E.right(units.filter(({ number }) => blocks?.includes(number) ?? true))
    : E.left(
        fault(
          `${model.name} has no unit ${wrong}`,
          '--block',
          `give numbers from 1 to ${units.length}`,
        ),
      )
}

const checkPatterns =
  (flag: string, patterns: ReadonlyArray<string> | null, { init, model }: Network) =>
  <A>(value: A): E.Either<Fault, A> => {
    const [wrong] = unmatched(patterns ?? [], init)
    return wrong === undefined
      ? E.right(value)
      : E.left(
          fault(
            `'${wrong}' is no parameter of ${model.name}`,
            flag,
            'give names such as layer4 or *.bn1',
          ),
        )
  }

const plain = (way: AnyWay, method: Job['method'], unit?: Unit): Job => ({
  method,
  unit: unit?.number ?? null,
  layer: unit?.block.name ?? null,
  way,
})

const jobsFor = (
  { method, train }: TransferConfig,
  units: ReadonlyArray<Unit>,
): ReadonlyArray<Job> => [
  ...(method.includes('probe') ? [plain({ _tag: 'Probe' }, 'probe')] : []),
  ...(method.includes('layer')
    ? units.map(unit => plain({ _tag: 'Layer', block: unit.index }, 'layer', unit))
    : []),
  ...(method.includes('scl')
    ? units.map(unit => plain({ _tag: 'Scl', block: unit.index }, 'scl', unit))
    : []),
  ...(train === null
    ? []
    : [{ ...plain({ _tag: 'Own', tune: tuneOnly(train) }, 'paths'), layer: train.join(',') }]),
  ...(method.includes('full') ? [plain({ _tag: 'Full' }, 'full')] : []),
]

/** The same with some parameters frozen besides; the classifier always trains. */
const without =
  (exclude: ReadonlyArray<string>, head: string) =>
  (job: Job): Job => {
    const [excluded, isHead] = [among(exclude), among(head)]
    const less = freeze(path => excluded(path) && !isHead(path))
    return { ...job, way: { _tag: 'Own', tune: flow(tunedBy(job.way), less) } }
  }

/** All ways in the paper's order, those of blocks by their number; a fault names what the network does not have. */
export const jobsOf = (
  config: TransferConfig,
  network: Network,
): E.Either<Fault, ReadonlyArray<Job>> => {
  const { block, train, exclude } = config
  return pipe(
    chosen(network, block),
    E.chain(checkPatterns('--train', train, network)),
    E.chain(checkPatterns('--exclude', exclude, network)),
    E.map(units => jobsFor(config, units)),
    E.map(jobs => (exclude === null ? jobs : jobs.map(without(exclude, headName(network.model))))),
    E.filterOrElse(
      jobs => jobs.length > 0,
      () => fault('nothing to train', '--method', 'give a method, or --train'),
    ),
  )
}
