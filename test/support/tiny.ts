// A tiny labelled task of random images, on which whole networks train in milliseconds.
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { normals, uniforms } from '../../src/core/random.ts'
import type { Model } from '../../src/models/model.ts'
import { resnet } from '../../src/models/resnet.ts'
import type { Samples } from '../../src/train/samples.ts'

/** Pixels of a tiny image. */
export const PIXELS = 12

/** Classes of the task. */
export const CLASSES = 3

/** `count` images around a centre per class, packed as the data sets are. */
export const tinySamples = (
  name: string,
  count: number,
  seed: number,
  pixels = PIXELS,
): Samples => {
  const noise = normals(seed, name)
  const centre = uniforms(7, 'centres')
  const centres = Array.from({ length: CLASSES * pixels }, () => 60 + 140 * centre())
  const bytes = new Uint8Array(count * pixels)
  const labels = Uint32Array.from({ length: count }, (_, i) => i % CLASSES)
  for (let i = 0; i < bytes.length; i++) {
    const [row, column] = [Math.floor(i / pixels), i % pixels]
    const mean = centres[(labels[row] ?? 0) * pixels + column] ?? 0
    bytes[i] = Math.max(0, Math.min(255, mean + 45 * noise()))
  }
  return {
    name,
    count,
    labels,
    contents: {
      _tag: 'Images',
      format: { features: pixels, mean: [0.5], std: [0.25] },
      words: new Uint32Array(bytes.buffer),
    },
  }
}

/** Height and width of the images that `tinyResnet` takes; of three channels. */
export const SIDE = 4

/** Images of SIDE x SIDE x 3. */
export const tinyImages = (name: string, count: number, seed: number): Samples =>
  tinySamples(name, count, seed, SIDE * SIDE * 3)

/** A ResNet-18 of four channels, for SIDE x SIDE images: eight units after a stem, batch norm everywhere. */
export const tinyResnet: Model = resnet({
  depth: 'resnet18',
  stem: 'cifar',
  size: SIDE,
  classes: CLASSES,
  width: 4,
})

/** Puts several things in order and forgets their results. */
export const inOrder = <L>(...effects: ReadonlyArray<TE.TaskEither<L, unknown>>) =>
  pipe(
    TE.sequenceSeqArray(effects),
    TE.map(() => undefined),
  )
