// What `collapse advise` does: loads networks and a sample, scores them, ranks, prints a table or JSON, writes a page.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import * as TE from 'fp-ts/TaskEither'
import { Advice, Budget } from '../../src/codec/advice.ts'
import { showDataSpec } from '../../src/codec/data-spec.ts'
import { deviceFacts } from '../../src/codec/device-facts.ts'
import type { Fault } from '../../src/core/fault.ts'
import type { Engine } from '../../src/device/engine.ts'
import { arraysWhere, storedName } from '../../src/train/network.ts'
import { adviceWords } from '../../src/report/advise-words.ts'
import { adviceText } from '../../src/report/advise-text.ts'
import type { AdviseFlags } from '../advise.ts'
import type { Ending } from '../exit.ts'
import type { Run, Session } from '../run.ts'
import { commandLine, makeReportFolder, saveReport } from '../save-report.ts'
import { acrossOf } from './across.ts'
import { type Assessed, assess } from './assess.ts'
import {
  type Candidate,
  countTest,
  loadCandidate,
  openSample,
  type Sample,
  sourcesOf,
} from './load.ts'
import { verify } from './verify.ts'

/** A network with what it is scored on. */
interface Material {
  readonly candidate: Candidate
  readonly sample: Sample
  readonly test: number
}

const gather = (
  flags: AdviseFlags,
  session: Session,
): TE.TaskEither<Fault, ReadonlyArray<Material>> =>
  pipe(
    TE.fromEither(sourcesOf(flags)),
    TE.chain(
      TE.traverseSeqArray(source =>
        pipe(
          loadCandidate(source, flags.size, session.common.seed ?? 0),
          TE.bindTo('candidate'),
          TE.bind('sample', ({ candidate }) => openSample(candidate, flags.data, flags, session)),
          TE.bind('test', ({ candidate }) => countTest(candidate, flags.data, session)),
          TE.chainFirstIOK(({ candidate }) => () => {
            const { model, said, origin } = candidate
            session.progress.log(`${model}: ${said} (names of ${origin})`)
          }),
        ),
      ),
    ),
  )

/** A network with all that was found of it; `verify` is null where nothing was tuned, `whole` false where tuning was
 * stopped. */
interface Found extends Assessed, Material {
  readonly verify: Advice['verify']
  readonly whole: boolean
}

/** Tunes the units where it is asked for; stopped there, the scores remain. */
const verified = (
  flags: AdviseFlags,
  session: Session,
  engine: Engine,
  found: Found,
): TE.TaskEither<Fault, Found> =>
  flags.verify
    ? pipe(
        verify({ session, engine, flags, candidate: found.candidate, advice: found.advice }),
        TE.map(
          O.match(
            (): Found => ({ ...found, whole: false }),
            (seen): Found => ({ ...found, ...seen }),
          ),
        ),
      )
    : TE.right(found)

const assessOne =
  (flags: AdviseFlags, session: Session, engine: Engine) =>
  (material: Material): TE.TaskEither<Fault, O.Option<Found>> => {
    const { candidate, sample, test } = material
    const { network } = candidate
    const question = {
      session,
      engine,
      budget: flags.budget ?? null,
      job: { train: sample.of, test, classes: sample.classes, batch: flags.batch },
      seed: session.common.seed ?? 0,
    }
    return pipe(
      assess(question, candidate, sample),
      TE.chain(assessed =>
        O.isNone(assessed)
          ? TE.right(O.none)
          : pipe(
              { ...material, ...assessed.value, verify: null, whole: true },
              found => verified(flags, session, engine, found),
              TE.map(O.some),
            ),
      ),
      TE.chainFirstIOK(
        () => () =>
          engine.drop(arraysWhere(network, () => true).map(([path]) => storedName(network, path))),
      ),
    )
  }

/** All networks in turn; none where it was interrupted before they were scored. */
const assessAll =
  (flags: AdviseFlags, session: Session, materials: ReadonlyArray<Material>, engine: Engine) =>
  async (): Promise<E.Either<Fault, O.Option<ReadonlyArray<Found>>>> => {
    const done: Array<Found> = []
    for (const material of materials) {
      const found = await assessOne(flags, session, engine)(material)()
      if (E.isLeft(found)) return found
      if (O.isNone(found.right)) return E.right(O.none)
      done.push(found.right.value)
      if (!found.right.value.whole) break
    }
    return E.right(O.some(done))
  }

const resultOf = (
  flags: AdviseFlags,
  session: Session,
  { info }: Engine,
  assessed: ReadonlyArray<Found>,
): Advice => {
  const [first] = assessed
  const tuned = first?.verify ?? null
  const networks = assessed.map(({ advice }) => ({
    ...advice,
    said: adviceWords(advice, flags.budget ?? null, tuned),
  }))
  return {
    version: 1,
    data: flags.data,
    seed: session.common.seed ?? 0,
    budget: flags.budget ?? null,
    images: {
      used: first?.sample.labels.length ?? 0,
      of: first?.sample.of ?? 0,
      classes: first?.sample.classes ?? 0,
      perClass: first?.sample.perClass ?? null,
    },
    batch: flags.batch,
    device: deviceFacts(info),
    flopsPerSecond: assessed.map(({ flopsPerSecond }) => flopsPerSecond),
    verify: tuned,
    networks,
    across: acrossOf(networks),
  }
}

/** The command line again, defaults left out. */
const commandOf = (flags: AdviseFlags): string => {
  const { from, model, models, weights, data, size, images, budget, batch, out } = flags
  const { verify, epochs, lr, testPerClass } = flags
  const given = (name: string, value: string | number | undefined, usual?: number) =>
    value === undefined || value === usual ? [] : [name, String(value)]
  return commandLine([
    ...['collapse', 'advise', ...given('--from', from), ...given('--model', model)],
    ...[...given('--models', models?.join(',')), ...given('--weights', weights)],
    ...['--data', showDataSpec(data), ...given('--size', size)],
    ...given('--images', images, 1000),
    ...(budget === undefined ? [] : ['--budget', Budget.encode(budget)]),
    ...given('--batch', batch, 64),
    ...(verify ? ['--verify', ...given('--epochs', epochs, 10), ...given('--lr', lr, 0.01)] : []),
    ...given('--test-per-class', testPerClass),
    ...given('--out', out),
  ])
}

const draw = async (flags: AdviseFlags, result: Advice, began: number): Promise<string> => {
  const { renderAdvicePage } = await import('../../src/report/page-advise.ts')
  return renderAdvicePage(result, {
    date: new Date().toISOString().slice(0, 10),
    seconds: (performance.now() - began) / 1000,
    command: commandOf(flags),
  })
}

const finish = (
  flags: AdviseFlags,
  { common, print, progress }: Session,
  result: Advice,
  began: number,
): TE.TaskEither<Fault, void> => {
  const { out } = flags
  const encoded = Advice.encode(result)
  print(common.json ? JSON.stringify(encoded) : adviceText(result))
  if (out === undefined) return TE.right(undefined)
  return pipe(
    saveReport(out, () => draw(flags, result, began), encoded),
    TE.map(page => progress.log(`page: ${page}`)),
  )
}

/** The command: a table or JSON on stdout, and a page with `--out`. */
export const runAdvise: Run<AdviseFlags> = (flags, session) => {
  const began = performance.now()
  return pipe(
    gather(flags, session),
    TE.chainFirst(() =>
      flags.out === undefined ? TE.right<Fault, unknown>(null) : makeReportFolder(flags.out),
    ),
    TE.chain(materials =>
      session.withEngine(
        engine =>
          pipe(
            assessAll(flags, session, materials, engine),
            TE.map(
              O.map(assessed => ({
                result: resultOf(flags, session, engine, assessed),
                whole: assessed.every(({ whole }) => whole),
              })),
            ),
          ),
        { checked: materials.some(({ candidate }) => candidate.plugins) },
      ),
    ),
    TE.chain(
      O.match(
        () => TE.right<Fault, Ending>('interrupted'),
        ({ result, whole }) =>
          pipe(
            finish(flags, session, result, began),
            TE.map((): Ending => (whole ? 'done' : 'interrupted')),
          ),
      ),
    ),
  )
}
