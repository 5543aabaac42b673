// Features of every fine-tuning unit, of the classifier's input and its probabilities, from one forward pass.
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import * as TE from 'fp-ts/TaskEither'
import type { Fault } from '../../src/core/fault.ts'
import type { Engine } from '../../src/device/engine.ts'
import { flopsOf } from '../../src/models/flops.ts'
import { average } from '../../src/models/model.ts'
import { type Feed, infer, inferenceProgram } from '../../src/train/infer.ts'
import { type LayerTap, layerTaps } from '../../src/train/layer-taps.ts'
import { putNetwork } from '../network/load-network.ts'
import type { Candidate } from './load.ts'

/** A layer with its rows [count, width]. */
export interface ReadLayer extends Pick<LayerTap, 'name' | 'unit' | 'width'> {
  readonly rows: Float32Array
}

/** What a pass gave; `probabilities` [count, classes] of the network's own classifier, null where it has none. */
export interface ReadFeatures {
  readonly layers: ReadonlyArray<ReadLayer>
  readonly probabilities: Float32Array | null
  /** Floating-point operations a second, without the first batch, which compiles. */
  readonly flopsPerSecond: number
}

const LOGITS = 'advise/logits'

/** The softmax of every row, in place of logits. */
const softmaxRows = (rows: Float32Array, width: number): Float32Array => {
  for (let from = 0; from < rows.length; from += width) {
    const row = rows.subarray(from, from + width)
    const top = row.reduce((most, x) => Math.max(most, x), Number.NEGATIVE_INFINITY)
    const sum = row.reduce((total, x) => total + Math.exp(x - top), 0)
    row.forEach((x, j) => {
      row[j] = Math.exp(x - top) / sum
    })
  }
  return rows
}

/** Images a second after the first batch, or over all where there is one batch only. */
const stopwatch = () => {
  const began = performance.now()
  let first: { readonly at: number; readonly count: number } | null = null
  let last = { at: began, count: 0 }
  return {
    lap: (count: number): void => {
      last = { at: performance.now(), count }
      first ??= last
    },
    rate: (): number => {
      const from = first === null || first.count === last.count ? { at: began, count: 0 } : first
      return (1000 * (last.count - from.count)) / (last.at - from.at)
    },
  }
}

/** Reads all layers in one pass in evaluation mode; none where `onImages` stopped it. The network stays in the store. */
export const readFeatures = (
  engine: Engine,
  candidate: Candidate,
  feed: Feed,
  batch: number,
  onImages: (done: number) => boolean,
): TE.TaskEither<Fault, O.Option<ReadFeatures>> => {
  const { network, hasHead } = candidate
  const { classes } = network.model
  const taps = layerTaps(network, 'all', average)
  const layers = taps.map(tap => ({ ...tap, rows: new Float32Array(feed.count * tap.width) }))
  const logits = new Float32Array(hasHead ? feed.count * classes : 0)
  const program = inferenceProgram(network, feed, batch, pass => ({
    ...Object.fromEntries(taps.map(({ name, value }) => [name, value(pass)])),
    ...(hasHead ? { [LOGITS]: pass.logits } : {}),
  }))
  const watch = stopwatch()
  const keep = (to: Float32Array, found: unknown, width: number, first: number, count: number) => {
    if (found instanceof Float32Array) to.set(found.subarray(0, count * width), first * width)
  }
  return pipe(
    putNetwork(engine, candidate),
    TE.chain(() =>
      infer(engine, program, feed, batch, (outputs, first, count) => {
        for (const { name, rows, width } of layers) keep(rows, outputs[name], width, first, count)
        if (hasHead) keep(logits, outputs[LOGITS], classes, first, count)
        watch.lap(first + count)
        return onImages(first + count)
      }),
    ),
    TE.map(done =>
      done < feed.count
        ? O.none
        : O.some({
            layers,
            probabilities: hasHead ? softmaxRows(logits, classes) : null,
            flopsPerSecond: watch.rate() * flopsOf(network.model, network.init),
          }),
    ),
  )
}
