// From a data spec to samples that an engine takes.
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Fault } from '../core/fault.ts'
import { type LoadedImages, loadImages } from '../data/data-sets.ts'
import type { ImageShape } from '../data/image-stream.ts'
import type { Samples } from './samples.ts'

/** Samples that know how many classes their labels are of, and the shape of their images. */
export interface ClassSamples extends Samples {
  readonly classes: number
  readonly shape: ImageShape
}

/** Packed images as samples under a name of the store. */
export const samplesOf = (
  name: string,
  { images, shape, mean, std }: LoadedImages,
): ClassSamples => ({
  name,
  count: images.count,
  classes: images.classes,
  shape,
  labels: images.labels,
  contents: {
    _tag: 'Images',
    format: { features: images.features, mean, std },
    words: images.words,
  },
})

/** Reads a split of what a spec names (see `loadImages`), as samples under `name`. */
export const loadSamples = (
  spec: Parameters<typeof loadImages>[0],
  split: Parameters<typeof loadImages>[1],
  name: string,
  dataRoot: string,
  prepare?: Parameters<typeof loadImages>[3],
): TE.TaskEither<Fault, ClassSamples> =>
  pipe(
    loadImages(spec, split, dataRoot, prepare),
    TE.map(loaded => samplesOf(name, loaded)),
  )
