// What `collapse train` does: settles what is asked, trains, and says how it ended.
import { join } from 'node:path'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { showDataSpec } from '../../src/codec/data-spec.ts'
import { showEngine } from '../../src/codec/device-facts.ts'
import type { Fault } from '../../src/core/fault.ts'
import {
  makeFolder,
  makeNumbered,
  readText,
  removeFolder,
  runFiles,
} from '../../src/data/run-folder.ts'
import type { Engine } from '../../src/device/engine.ts'
import type { Ending } from '../exit.ts'
import type { Run, Session } from '../run.ts'
import type { TrainFlags } from '../train.ts'
import { conduct, type Lab, layersOf } from './conduct.ts'
import { fits } from './fit.ts'
import { gather, type Materials } from './materials.ts'
import { showFinish, showMaterials } from './say.ts'
import { type Order, settle } from './settle.ts'

/** Folder of a run that names none: `runs/<model>-<data>-<n>`. */
const folderOf = ({ config, out, stopped }: Order): TE.TaskEither<Fault, string> => {
  if (stopped !== null) return TE.right(stopped.dir)
  return out === null
    ? makeNumbered('runs', `${config.model}-${config.data.name}`)
    : makeFolder(out)
}

/** A folder made for nothing is taken away again. */
const tidy = <A>(
  { stopped, out }: Order,
  { dir, lines }: Lab,
  fault: Fault,
): TE.TaskEither<Fault, A> =>
  stopped === null && lines.length === 0
    ? pipe(
        removeFolder(dir, out === null),
        TE.chain(() => TE.left(fault)),
      )
    : TE.left(fault)

const sayStopped = (
  { session, dir, materials }: Lab,
  place: { readonly epoch: number; readonly step: number },
): Ending => {
  const at = `epoch ${place.epoch + 1}/${materials.config.epochs}, step ${place.step}`
  session.progress.log(`stopped in ${at}; go on with: collapse train --resume ${dir}`)
  return 'interrupted'
}

const trainOn =
  (order: Order, materials: Materials, session: Session) =>
  (engine: Engine): TE.TaskEither<Fault, Ending> =>
    pipe(
      TE.fromEither(fits(materials.training)),
      TE.chain(() => folderOf(order)),
      TE.map((dir): Lab => {
        session.progress.log(`run folder: ${dir}`)
        return { session, materials, engine, dir, lines: [...(order.stopped?.lines ?? [])] }
      }),
      TE.chain(lab =>
        pipe(
          conduct(lab, order.stopped),
          TE.orElse(fault => tidy(order, lab, fault)),
          TE.map(({ place, result }) => {
            if (result === null) return sayStopped(lab, place)
            const { json } = session.common
            session.print(json ? result.trimEnd() : showFinish(lab.lines, layersOf(lab), lab.dir))
            return 'done'
          }),
        ),
      ),
    )

const sayDevice = (order: Order, engine: Engine, session: Session): void => {
  const before = order.stopped?.checkpoint.device
  if (before !== undefined && before !== showEngine(engine.info)) {
    session.progress.log(`the run was begun on ${before}: its numbers may now differ slightly`)
  }
}

const train = (order: Order, session: Session): TE.TaskEither<Fault, Ending> =>
  pipe(
    gather(order.config, session.common.dataRoot),
    TE.chain(materials => {
      const begun = order.stopped === null ? materials : { ...materials, said: null }
      showMaterials(begun, showDataSpec(order.config.data)).forEach(session.progress.log)
      return session.withEngine(
        engine => {
          sayDevice(order, engine, session)
          return trainOn(order, materials, session)(engine)
        },
        { checked: order.config.plugins.length > 0 },
      )
    }),
  )

/** A finished run has nothing left to do: its result is printed again. */
const sayFinished = (
  dir: string,
  { common, print, progress }: Session,
): TE.TaskEither<Fault, Ending> =>
  pipe(
    readText(join(dir, runFiles.result), 'train anew'),
    TE.map(result => {
      const said = `this run is finished; its result is ${join(dir, runFiles.result)}`
      if (common.json) progress.log(said)
      print(common.json ? result.trimEnd() : said)
      return 'done'
    }),
  )

/** Trains into a run folder, or goes on with one. */
export const runTrain: Run<TrainFlags> = (flags, session) =>
  pipe(
    settle(flags, session.common),
    TE.chain(order =>
      order.finished && order.stopped !== null
        ? sayFinished(order.stopped.dir, session)
        : train(order, session),
    ),
  )
