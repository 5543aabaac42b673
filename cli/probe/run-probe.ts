// What `collapse probe` does: settles what is asked, probes every layer, prints, and writes the page.
import { join } from 'node:path'
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import * as TE from 'fp-ts/TaskEither'
import { float32Array } from '../../src/codec/number-array.ts'
import { ProbeResult } from '../../src/codec/probe-result.ts'
import { encodeSafetensors } from '../../src/codec/safetensors.ts'
import { type Fault, failure } from '../../src/core/fault.ts'
import { writeAtomic } from '../../src/data/atomic-file.ts'
import type { Engine } from '../../src/device/engine.ts'
import { probeText } from '../../src/report/probe-text.ts'
import type { ProbedUnits } from '../../src/transfer/probe-units.ts'
import type { Ending } from '../exit.ts'
import type { ProbeFlags } from '../probe.ts'
import type { Run, Session } from '../run.ts'
import { makeReportFolder, saveReport } from '../save-report.ts'
import { gather } from '../transfer/materials.ts'
import { settleProbe } from '../transfer/settle.ts'
import { sayMaterials } from '../transfer/say.ts'
import { conduct, type ProbeMaterials } from './conduct.ts'
import { resultOf } from './result.ts'

/** The file of the trained classifiers beside the result: arrays `layer1.0/fc.weight` by layer and path. */
const HEADS = 'heads.safetensors'

const saveHeads = (folder: string, { layers }: ProbedUnits): TE.TaskEither<Fault, void> => {
  const arrays = layers.flatMap(({ layer, head, lost, width }) =>
    lost !== null
      ? []
      : Object.entries(head).map(([path, data]) => {
          const shape = path.endsWith('weight') ? [data.length / width, width] : [data.length]
          return [`${layer}/${path}`, float32Array(Float32Array.from(data), shape)] as const
        }),
  )
  return pipe(
    TE.fromEither(encodeSafetensors({ arrays: new Map(arrays), metadata: {} })),
    TE.chain(bytes => writeAtomic(join(folder, HEADS), bytes)),
  )
}

const draw = async (result: ProbeResult, began: number): Promise<string> =>
  (await import('./page.ts')).drawPage(result, (performance.now() - began) / 1000)

const finish = (
  { out }: ProbeFlags,
  { common, print, progress }: Session,
  probed: ProbedUnits,
  result: ProbeResult,
  began: number,
): TE.TaskEither<Fault, void> => {
  const encoded = ProbeResult.encode(result)
  print(common.json ? JSON.stringify(encoded) : probeText(result))
  if (out === undefined) return TE.right(undefined)
  return pipe(
    saveReport(out, () => draw(result, began), encoded),
    TE.chainFirst(() => (probed.whole ? saveHeads(out, probed) : TE.right(undefined))),
    TE.map(page => progress.log(`page: ${page}`)),
  )
}

/** A classifier that failed makes the whole a failure, once what finished is printed and kept. */
const endingOf = ({ finished, failed: [first] }: ProbeResult): TE.TaskEither<Fault, Ending> =>
  first === undefined
    ? TE.right(finished ? 'done' : 'interrupted')
    : TE.left(
        failure(first.why, `the classifier on ${first.layer}`, 'lower the learning rate (--lr)'),
      )

const probeAll =
  (flags: ProbeFlags, session: Session, materials: ProbeMaterials, began: number) =>
  (engine: Engine): TE.TaskEither<Fault, Ending> =>
    pipe(
      flags.out === undefined ? TE.right<Fault, unknown>(null) : makeReportFolder(flags.out),
      TE.chain(() => conduct({ session, materials, engine })),
      TE.chain(
        O.match(
          () => TE.right<Fault, Ending>('interrupted'),
          probed => {
            const result = resultOf(engine, materials, probed)
            return pipe(
              finish(flags, session, probed, result, began),
              TE.chain(() => endingOf(result)),
            )
          },
        ),
      ),
    )

/** The command: a table or JSON on stdout, and a page with `--out`. Interrupted, it keeps the epochs that ended. */
export const runProbe: Run<ProbeFlags> = (flags, session) => {
  const began = performance.now()
  return pipe(
    settleProbe(flags, session.common),
    TE.chain(config => gather(config, session.common.dataRoot)),
    TE.chain(materials => {
      sayMaterials(materials).forEach(session.progress.log)
      return session.withEngine(probeAll(flags, session, materials, began), {
        checked: materials.plugins,
      })
    }),
  )
}
