// What `collapse predict` does: loads network and images, runs one over the other, prints, writes logits.
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { float32Array, int64Array } from '../../src/codec/number-array.ts'
import { encodeSafetensors } from '../../src/codec/safetensors.ts'
import { type Fault, fault } from '../../src/core/fault.ts'
import { writeAtomic } from '../../src/data/atomic-file.ts'
import type { Engine } from '../../src/device/engine.ts'
import { infer, inferenceProgram } from '../../src/train/infer.ts'
import type { Ending } from '../exit.ts'
import { batchFor, type LoadedNetwork, putNetwork } from '../network/load-network.ts'
import { type Labelled, openData, openInput } from '../network/open-feed.ts'
import { loadSource, sourceOf } from '../network/source.ts'
import type { PredictFlags } from '../predict.ts'
import type { Run, Session } from '../run.ts'
import { percent } from '../train/say.ts'
import { type Guess, guessOf, type Scores, scoresOf } from './rank.ts'

const open = (
  loaded: LoadedNetwork,
  { data, input, split }: PredictFlags,
  dataRoot: string,
): TE.TaskEither<Fault, Labelled> => {
  const spec = data ?? (input === undefined ? loaded.data : null)
  if (spec !== null && input === undefined) {
    return openData(loaded, spec, split ?? null, dataRoot)
  }
  return input !== undefined && spec === null
    ? openInput(loaded, input)
    : TE.left(fault('either --data or --input', 'collapse predict', 'give one of the two'))
}

const logitsOf = (
  engine: Engine,
  loaded: LoadedNetwork,
  { feed }: Labelled,
  { batch }: PredictFlags,
  session: Session,
): TE.TaskEither<Fault, Float32Array | null> => {
  const { network } = loaded
  const { classes } = network.model
  const size = Math.min(batch ?? batchFor(engine, network.model), feed.count)
  const program = inferenceProgram(network, feed, size, ({ logits }) => ({ logits }))
  const interruption = session.interruption()
  const tracked = session.progress.start('images', feed.count)
  const logits = new Float32Array(feed.count * classes)
  return pipe(
    putNetwork(engine, loaded),
    TE.chain(() =>
      infer(engine, program, feed, size, (outputs, first, rows) => {
        const found = outputs.logits ?? new Float32Array(0)
        logits.set(found.subarray(0, rows * classes), first * classes)
        tracked.update(first + rows)
        return !interruption.asked()
      }),
    ),
    TE.map(done => (done === feed.count ? logits : null)),
    task => async () => {
      const ended = await task()
      tracked.stop()
      return ended
    },
  )
}

interface Prediction extends Scores {
  readonly guesses: ReadonlyArray<Guess>
}

const write = (
  logits: Float32Array,
  classes: number,
  { labels }: Labelled,
  out: string | undefined,
): TE.TaskEither<Fault, void> => {
  if (out === undefined) return TE.right(undefined)
  const n = logits.length / classes
  const known = labels === null ? null : BigInt64Array.from(labels, BigInt)
  const arrays = new Map([
    ['logits', float32Array(logits, [n, classes])],
    ...(known === null ? [] : [['labels', int64Array(known, [n])] as const]),
  ])
  return pipe(
    TE.fromEither(encodeSafetensors({ arrays, metadata: {} })),
    TE.chain(bytes => writeAtomic(out, bytes)),
  )
}

const SHOWN = 10

const lines = (
  { guesses, accuracy, top5, loss }: Prediction,
  { labels, names }: Labelled,
): ReadonlyArray<string> => [
  ...guesses.slice(0, SHOWN).map(({ classes, probabilities }, i) => {
    const label = labels?.[i]
    const said = classes.map((k, j) => `${names[k] ?? k} ${percent(probabilities[j] ?? 0)}`)
    return `${i}${label === undefined ? '' : ` (${names[label] ?? label})`}: ${said.join(', ')}`
  }),
  ...(guesses.length > SHOWN ? [`and ${guesses.length - SHOWN} more: see --json or --out`] : []),
  ...(labels === null
    ? [`${guesses.length} images`]
    : [
        `${guesses.length} images: accuracy ${percent(accuracy)}, among five ${percent(top5)}, loss ${loss.toFixed(4)}`,
      ]),
]

const report = (
  { common, print }: Session,
  { from, top }: PredictFlags,
  { model, weights, network }: LoadedNetwork,
  given: Labelled,
  logits: Float32Array,
): Ending => {
  const { labels } = given
  const { classes } = network.model
  const guesses = Array.from({ length: logits.length / classes }, (_, i) =>
    guessOf(logits.subarray(i * classes, (i + 1) * classes), top),
  )
  const scores = scoresOf(logits, classes, labels ?? new Uint32Array(0))
  const known = <A>(value: A): A | null => (labels === null ? null : value)
  const predictions = guesses.map((guess, i) => ({ ...guess, label: known(labels?.[i]) }))
  const { accuracy, top5, loss } = scores
  const json = {
    ...(from === undefined ? {} : { from }),
    ...{ model, weights },
    n: guesses.length,
    classes,
    accuracy: known(accuracy),
    top5: known(top5),
    loss: known(loss),
    predictions,
  }
  print(common.json ? JSON.stringify(json) : lines({ guesses, ...scores }, given).join('\n'))
  return 'done'
}

/** The command: a summary on stdout, everything as JSON with `--json`, logits in a file with `--out`. */
export const runPredict: Run<PredictFlags> = (flags, session) =>
  pipe(
    TE.fromEither(sourceOf(flags)),
    TE.chain(source =>
      loadSource(source, {
        head: flags.head,
        ...(flags.size === undefined ? {} : { size: flags.size }),
        seed: session.common.seed ?? 0,
      }),
    ),
    TE.bindTo('loaded'),
    TE.bind('given', ({ loaded }) => open(loaded, flags, session.common.dataRoot)),
    TE.chain(({ loaded, given }) => {
      session.progress.log(`weights: ${loaded.said} (names of ${loaded.origin})`)
      const { classes } = loaded.network.model
      return pipe(
        session.withEngine(engine => logitsOf(engine, loaded, given, flags, session), {
          checked: loaded.plugins,
        }),
        TE.chain(logits =>
          logits === null
            ? TE.right<Fault, Ending>('interrupted')
            : pipe(
                write(logits, classes, given, flags.out),
                TE.map(() => report(session, flags, loaded, given, logits)),
              ),
        ),
      )
    }),
  )
