// Classifiers on the features of several layers, each with its own table of rows: how they begin, and what an engine holds.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Fault } from '../core/fault.ts'
import type { Program } from '../core/trace.ts'
import type { Engine } from '../device/engine.ts'
import type { Loss } from '../losses/losses.ts'
import type { Head } from '../models/model.ts'
import { firstScaling, SCALING } from '../optim/loss-scale.ts'
import { sgd } from '../optim/optimizer.ts'
import {
  arraysWhere,
  type Contents,
  getContents,
  networkOf,
  putContents,
  startingContents,
  storedName,
} from '../train/network.ts'
import { evaluationProgram, METER, type Training, trainingProgram } from '../train/programs.ts'
import { classesOf, dropSamples, putSamples, type Samples } from '../train/samples.ts'
import { dropSlots, putSlots, scaledFor } from '../train/snapshot.ts'
import { ownName, sideBySide } from './probe-program.ts'

/** Features of a layer on both splits, as rows [count, width]; no two layers have one name. */
export interface Table {
  readonly name: string
  readonly width: number
  readonly train: Float32Array
  readonly test: Float32Array
}

/** Layers to train a classifier on each, and the labels 0..classes-1 of their rows. */
export interface HeadTask {
  readonly tables: ReadonlyArray<Table>
  readonly labels: { readonly train: Uint32Array; readonly test: Uint32Array }
  /** The kind of classifier; linear where left out. */
  readonly head?: Head
}

/** How the classifiers are trained. */
export interface HeadSizes {
  readonly batch: number
  readonly testBatch: number
  readonly loss: Loss
  readonly seed: number
}

/** One classifier in training. */
export interface ProbeHead {
  readonly name: string
  readonly training: Training
  readonly test: Samples
}

const rowsOf = (name: string, labels: Uint32Array, width: number, rows: Float32Array): Samples => ({
  name,
  count: labels.length,
  labels,
  contents: { _tag: 'Rows', rows, width },
})

const headOn =
  (engine: Engine, { labels, head }: HeadTask, { batch, loss }: HeadSizes) =>
  ({ name, width, train, test }: Table): E.Either<Fault, ProbeHead> => {
    const scope = `probe/${name}`
    const model = {
      name: `the classifier on ${name}`,
      input: [width],
      classes: classesOf(labels.train),
      blocks: [],
      ...(head === undefined ? {} : { head }),
    }
    return pipe(
      networkOf(model, scope),
      E.map(network => ({
        name,
        training: scaledFor(engine, {
          network,
          samples: rowsOf(`${scope}/train`, labels.train, width, train),
          batch,
          loss,
          from: 0,
          trains: () => true,
          optimizer: sgd,
        }),
        test: rowsOf(`${scope}/test`, labels.test, width, test),
      })),
    )
  }

/** A classifier for every table, each a model without blocks whose input are the table's rows. */
export const headsOf = (
  engine: Engine,
  task: HeadTask,
  sizes: HeadSizes,
): E.Either<Fault, ReadonlyArray<ProbeHead>> =>
  E.traverseArray(headOn(engine, task, sizes))(task.tables)

const isOwn = (name: string): boolean => name === METER.name || name === SCALING.name

const together = (
  heads: ReadonlyArray<ProbeHead>,
  programOf: (head: ProbeHead) => E.Either<Fault, Program>,
): E.Either<Fault, Program> =>
  pipe(
    heads,
    E.traverseArray(head =>
      E.Functor.map(programOf(head), program => ({ own: head.name, program })),
    ),
    E.map(programs => sideBySide(programs, isOwn)),
  )

/** One step of every head on the same batch. Its outputs are the meters, each under `meterOf` its head. */
export const stepOfAll = (heads: ReadonlyArray<ProbeHead>): E.Either<Fault, Program> =>
  together(heads, ({ training }) => trainingProgram(training))

/** One batch of evaluation of every head on the test rows; its outputs are the meters. */
export const scoresOfAll = (
  heads: ReadonlyArray<ProbeHead>,
  batch: number,
): E.Either<Fault, Program> =>
  together(heads, ({ training, test }) => evaluationProgram({ ...training, samples: test, batch }))

/** Name of a head's meter. */
export const meterOf = ({ name }: ProbeHead): string => ownName(METER.name, name)

/** Runs an effect for each head in turn. */
export const forEach = (
  heads: ReadonlyArray<ProbeHead>,
  effect: (head: ProbeHead) => TE.TaskEither<Fault, unknown>,
): TE.TaskEither<Fault, void> =>
  pipe(
    TE.traverseSeqArray(effect)(heads),
    TE.map(() => undefined),
  )

/** Uploads a head's rows and its start, which is that of the network's own classifier for the same seed and width. */
export const putHead =
  (engine: Engine, seed: number) =>
  ({ name, training, test }: ProbeHead): TE.TaskEither<Fault, void> =>
    pipe(
      putContents(engine, training.network, startingContents(training.network, seed)),
      TE.chain(() => putSlots(engine, training)),
      TE.chain(() => putSamples(engine, training.samples)),
      TE.chain(() => putSamples(engine, test)),
      TE.chain(() =>
        training.scalesLoss === true
          ? engine.put(ownName(SCALING.name, name), SCALING.aval, firstScaling())
          : TE.right(undefined),
      ),
    )

/** A head's parameters by path. */
export const readHead =
  (engine: Engine) =>
  ({ training }: ProbeHead): TE.TaskEither<Fault, Contents> =>
    getContents(engine, training.network)

/** Frees all that a head holds on the engine. */
export const dropHead =
  (engine: Engine) =>
  (head: ProbeHead): void => {
    const { network, samples } = head.training
    const arrays = arraysWhere(network, () => true)
    engine.drop([
      ...arrays.map(([path]) => storedName(network, path)),
      ...[meterOf(head), ownName(SCALING.name, head.name)],
    ])
    dropSlots(engine, head.training)
    dropSamples(engine, samples)
    dropSamples(engine, head.test)
  }
