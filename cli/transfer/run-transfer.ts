// What `collapse transfer` does: settles what is asked, transfers in every way, prints, and writes the page.
import { join } from 'node:path'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { besideFull, TransferResult } from '../../src/codec/transfer-result.ts'
import type { Fault } from '../../src/core/fault.ts'
import { writeAtomic } from '../../src/data/atomic-file.ts'
import { runFiles } from '../../src/data/run-folder.ts'
import type { Engine } from '../../src/device/engine.ts'
import { unitsOf } from '../../src/models/model.ts'
import { transferText } from '../../src/report/transfer-text.ts'
import type { Ending } from '../exit.ts'
import type { Run, Session } from '../run.ts'
import { makeReportFolder, saveReport } from '../save-report.ts'
import type { TransferFlags } from '../transfer.ts'
import { conduct, type Conducted } from './conduct.ts'
import { type Job, jobsOf } from './jobs.ts'
import { gather, type Materials } from './materials.ts'
import { jobName, sayMaterials } from './say.ts'
import { settle } from './settle.ts'
import { trialOf } from './trial.ts'

type ResultOf = (so: Conducted) => TransferResult

const resultOf =
  (engine: Engine, materials: Materials): ResultOf =>
  ({ rows, target, whole, failures }) => ({
    version: 1,
    finished: whole,
    config: materials.config,
    ...trialOf(engine, materials),
    units: unitsOf(materials.network.model).map(({ block }) => block.name),
    before: { nc1: target.nc1.map(x => (Number.isFinite(x) ? x : null)) },
    rows: besideFull(rows),
    failed: failures.map(({ job: { method, unit, layer }, fault }) => ({
      method,
      unit,
      layer,
      why: fault.what,
    })),
  })

/** Writes the rows so far, so that nothing finished is lost whatever happens. */
const keep = (out: string | undefined, result: TransferResult): TE.TaskEither<Fault, void> =>
  out === undefined
    ? TE.right(undefined)
    : writeAtomic(
        join(out, runFiles.result),
        `${JSON.stringify(TransferResult.encode(result), null, 1)}\n`,
      )

const draw = async (result: TransferResult, seconds: number): Promise<string> =>
  (await import('./page.ts')).drawPage(result, seconds)

const finish = (
  { out }: TransferFlags,
  { common, print, progress }: Session,
  result: TransferResult,
  began: number,
): TE.TaskEither<Fault, Ending> => {
  const encoded = TransferResult.encode(result)
  const ending: Ending = result.finished ? 'done' : 'interrupted'
  if (!result.finished) progress.log(`stopped; ${result.rows.length} ways are finished`)
  if (common.json || result.rows.length > 0) {
    print(common.json ? JSON.stringify(encoded) : transferText(result))
  }
  if (out === undefined || result.rows.length === 0) return TE.right(ending)
  return pipe(
    saveReport(out, () => draw(result, (performance.now() - began) / 1000), encoded),
    TE.map(page => {
      progress.log(`page: ${page}`)
      return ending
    }),
  )
}

/** A way that failed makes the whole a failure, once what finished is printed and kept. */
const failed = ({ failures }: Conducted, ending: Ending): TE.TaskEither<Fault, Ending> => {
  const [first] = failures
  return first === undefined
    ? TE.right(ending)
    : TE.left({ ...first.fault, where: `${jobName(first.job)}, ${first.fault.where}` })
}

const transferAll =
  (
    flags: TransferFlags,
    session: Session,
    materials: Materials,
    jobs: ReadonlyArray<Job>,
    began: number,
  ) =>
  (engine: Engine): TE.TaskEither<Fault, Ending> => {
    const asResult = resultOf(engine, materials)
    return pipe(
      flags.out === undefined ? TE.right<Fault, unknown>(null) : makeReportFolder(flags.out),
      TE.chain(() =>
        conduct({
          session,
          materials,
          engine,
          jobs,
          onRow: so => keep(flags.out, asResult({ ...so, whole: false })),
        }),
      ),
      TE.chain(so =>
        pipe(
          finish(flags, session, asResult(so), began),
          TE.chain(ending => failed(so, ending)),
        ),
      ),
    )
  }

/** The command: a table or JSON on stdout, and a page with `--out`. Interrupted, it keeps what is finished. */
export const runTransfer: Run<TransferFlags> = (flags, session) => {
  const began = performance.now()
  return pipe(
    settle(flags, session.common),
    TE.chain(config => gather(config, session.common.dataRoot)),
    TE.bindTo('materials'),
    TE.bind('jobs', ({ materials: { config, network } }) => TE.fromEither(jobsOf(config, network))),
    TE.chain(({ materials, jobs }) => {
      sayMaterials(materials).forEach(session.progress.log)
      return session.withEngine(transferAll(flags, session, materials, jobs, began), {
        checked: materials.plugins,
      })
    }),
  )
}
