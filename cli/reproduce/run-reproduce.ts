// What `collapse reproduce demo` does: four sets of digits, the experiment, then table and page.
import { join } from 'node:path'
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import * as TE from 'fp-ts/TaskEither'
import { type DataSpec, parseDataSpec, type Split } from '../../src/codec/data-spec.ts'
import { type Fault, fault } from '../../src/core/fault.ts'
import { demo } from '../../src/experiments/demo.ts'
import type { DemoData, OnProgress } from '../../src/experiments/demo-lab.ts'
import { type DemoConfig, demoConfig, measuredEpochs } from '../../src/experiments/demo-config.ts'
import type { DemoResult } from '../../src/experiments/demo-result.ts'
import { renderDemoPage } from '../../src/report/page.ts'
import { demoTable } from '../../src/report/table.ts'
import { loadSamples } from '../../src/train/load-samples.ts'
import type { Samples } from '../../src/train/samples.ts'
import type { Ending } from '../exit.ts'
import type { Tracked } from '../progress.ts'
import type { ReproduceFlags } from '../reproduce.ts'
import type { Run, Session } from '../run.ts'
import { saveReport } from '../save-report.ts'

const configOf = (flags: ReproduceFlags, seed: number | undefined): DemoConfig => {
  const sourceEpochs = flags.epochs ?? demoConfig.sourceEpochs
  return {
    ...demoConfig,
    sourceEpochs,
    measureAt: measuredEpochs(sourceEpochs),
    depth: flags.depth ?? demoConfig.depth,
    width: flags.width ?? demoConfig.width,
    transferEpochs: flags.transferEpochs ?? demoConfig.transferEpochs,
    perClass: flags.perClass ?? demoConfig.perClass,
    seed: seed ?? demoConfig.seed,
  }
}

const spec = (text: string): TE.TaskEither<Fault, DataSpec> =>
  pipe(
    TE.fromEither(parseDataSpec(text)),
    TE.mapLeft(what => fault(what, `data ${text}`, 'change the sizes')),
  )

const digits = (
  { common }: Session,
  name: string,
  text: string,
  split: Split,
): TE.TaskEither<Fault, Samples> =>
  pipe(
    spec(text),
    TE.chain(decoded => loadSamples(decoded, split, name, common.dataRoot)),
  )

const dataOf = (
  session: Session,
  { perClass, seed }: DemoConfig,
): TE.TaskEither<Fault, DemoData> => {
  const few = `mnist?classes=5-9&perClass=${perClass}&seed=${seed}`
  return pipe(
    TE.Do,
    TE.bind('sourceTrain', () => digits(session, 'source/train', 'mnist?classes=0-4', 'train')),
    TE.bind('sourceTest', () => digits(session, 'source/test', 'mnist?classes=0-4', 'test')),
    TE.bind('targetTrain', () => digits(session, 'target/train', few, 'train')),
    TE.bind('targetTest', () => digits(session, 'target/test', 'mnist?classes=5-9', 'test')),
  )
}

/** One bar for the pre-training and one for all transfers, which are told apart by their total. */
const watch = ({ progress, interruption }: Session): OnProgress => {
  const stop = interruption()
  let shown: { readonly total: number; readonly tracked: Tracked } | undefined
  return (phase, done, total) => {
    if (shown === undefined || shown.total !== total) {
      shown?.tracked.stop()
      shown = { total, tracked: progress.start(phase.split(':')[0] ?? phase, total, done - 1) }
    }
    shown.tracked.update(done, phase.split(': ')[1] ?? '')
    if (done === total) shown.tracked.stop()
    return !stop.asked()
  }
}

/** The result without its times: the same for the same config, seed and device. */
const timeless = (result: DemoResult): unknown => ({
  ...result,
  transfer: result.transfer.map(({ seconds: _, ...row }) => row),
})

const report = (
  session: Session,
  flags: ReproduceFlags,
  result: DemoResult,
  began: number,
): TE.TaskEither<Fault, Ending> => {
  const folder = flags.out ?? join('runs', flags.what)
  const options = {
    date: new Date().toISOString().slice(0, 10),
    command: `collapse reproduce ${flags.what}`,
    seconds: (performance.now() - began) / 1000,
    subject: 'The images are MNIST: digits 0 to 4 first, then 5 to 9.',
  }
  return pipe(
    saveReport(folder, () => renderDemoPage(result, options), timeless(result)),
    TE.map(page => {
      session.print(session.common.json ? JSON.stringify(result) : demoTable(result))
      session.progress.log(`page: ${page}`)
      return 'done' as const
    }),
  )
}

/** Runs the demo, prints its table, and writes result.json and index.html. */
export const runReproduce: Run<ReproduceFlags> = (flags, session) => {
  const config = configOf(flags, session.common.seed ?? undefined)
  return pipe(
    dataOf(session, config),
    TE.chain(data =>
      session.withEngine(engine => {
        const began = performance.now()
        return pipe(
          demo(engine, data, config, watch(session)),
          TE.chain(
            O.match(
              () => TE.right<Fault, Ending>('interrupted'),
              result => report(session, flags, result, began),
            ),
          ),
        )
      }),
    ),
  )
}
