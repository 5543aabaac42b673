// A tiny labelled task of random images, on which whole networks train in milliseconds.
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { normals, uniforms } from '../../src/core/random.ts'
import type { Samples } from '../../src/train/samples.ts'

/** Pixels of a tiny image. */
export const PIXELS = 12

/** Classes of the task. */
export const CLASSES = 3

/** `count` images around a centre per class, packed as the data sets are. */
export const tinySamples = (name: string, count: number, seed: number): Samples => {
  const noise = normals(seed, name)
  const centre = uniforms(7, 'centres')
  const centres = Array.from({ length: CLASSES * PIXELS }, () => 60 + 140 * centre())
  const bytes = new Uint8Array(count * PIXELS)
  const labels = Uint32Array.from({ length: count }, (_, i) => i % CLASSES)
  for (let i = 0; i < bytes.length; i++) {
    const [row, column] = [Math.floor(i / PIXELS), i % PIXELS]
    const mean = centres[(labels[row] ?? 0) * PIXELS + column] ?? 0
    bytes[i] = Math.max(0, Math.min(255, mean + 45 * noise()))
  }
  return {
    name,
    count,
    labels,
    contents: {
      _tag: 'Images',
      format: { features: PIXELS, mean: [0.5], std: [0.25] },
      words: new Uint32Array(bytes.buffer),
    },
  }
}

/** Puts several things in order and forgets their results. */
export const inOrder = <L>(...effects: ReadonlyArray<TE.TaskEither<L, unknown>>) =>
  pipe(
    TE.sequenceSeqArray(effects),
    TE.map(() => undefined),
  )
