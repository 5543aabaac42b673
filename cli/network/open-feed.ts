// What a network is fed with: a data set prepared as its weights want it, or a file of prepared images.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { DataSpec, Split } from '../../src/codec/data-spec.ts'
import { showShape } from '../../src/codec/number-array.ts'
import { type Fault, fault } from '../../src/core/fault.ts'
import { findDataSet, openImages } from '../../src/data/data-sets.ts'
import { streamImages } from '../../src/data/image-stream.ts'
import { readWeights } from '../../src/data/read-weights.ts'
import { type Feed, imageFeed, tensorFeed } from '../../src/train/infer.ts'
import type { LoadedNetwork } from './load-network.ts'

/** Inputs, their labels where they are known, and the classes' names. */
export interface Labelled {
  readonly feed: Feed
  readonly labels: Uint32Array | null
  readonly names: ReadonlyArray<string>
}

/** A data set of which rows can be picked: the feed of some of them, in the order given. */
export interface Opened extends Labelled {
  readonly pick: (rows: Uint32Array) => Feed
}

/** Opens a split of a data set for a network: the one named, else the spec's, else that for testing; `perClass` bears on it. */
export const openData = (
  { network, prepare }: LoadedNetwork,
  spec: DataSpec,
  split: Split | null,
  dataRoot: string,
): TE.TaskEither<Fault, Opened> =>
  pipe(
    TE.fromEither(findDataSet(spec)),
    TE.bindTo('set'),
    TE.bind('source', ({ set }) => {
      const part = split ?? spec.split ?? (set._tag === 'Arrays' ? 'test' : null)
      return openImages({ ...spec, split: part }, part, dataRoot)
    }),
    TE.bind('alike', ({ set, source }) =>
      set._tag === 'Arrays' ? source.size(0) : TE.right(null),
    ),
    TE.chain(({ source, alike }) => {
      const { mean, std, names } = source
      const plan = prepare({ alike, mean, std })
      return pipe(
        streamImages(source, plan),
        TE.filterOrElse(
          ({ features }) => features === network.model.input.reduce((n, side) => n * side, 1),
          ({ shape: { width, height, channels } }) =>
            fault(
              `images of ${width} x ${height} x ${channels}, where ${network.model.name} takes ${network.model.input.join(' x ')}`,
              source.where,
              'take another network or data set',
            ),
        ),
        TE.map(stream => ({
          feed: imageFeed(stream),
          pick: (rows: Uint32Array) => imageFeed(stream, rows),
          labels: stream.labels,
          names,
        })),
      )
    }),
  )

const only = 'give one array [N, 3, H, W] of prepared images, as float32'

/** Reads prepared images [N, 3, H, W] from a .safetensors file: the array `input`, or the only one of four axes. */
export const openInput = (
  { network }: LoadedNetwork,
  path: string,
): TE.TaskEither<Fault, Labelled> =>
  pipe(
    readWeights(path),
    TE.chainEitherK(arrays => {
      const images = [...arrays].filter(([, { shape }]) => shape.length === 4)
      const named = arrays.get('input') ?? (images.length === 1 ? images[0]?.[1] : undefined)
      if (named === undefined) return E.left(fault('no images in the file', path, only))
      const [, channels = 0, height = 0, width = 0] = named.shape
      const [h, w, c] = network.model.input
      if (channels !== c || height !== h || width !== w) {
        const what = `images ${showShape(named.shape)}, where ${network.model.name} takes [N, ${c}, ${h}, ${w}]`
        return E.left(fault(what, path, only))
      }
      const labels = arrays.get('labels')
      const fits = labels !== undefined && labels.data.length === named.shape[0]
      return E.right({
        feed: tensorFeed(named.data, named.shape),
        labels: fits ? Uint32Array.from(labels.data) : null,
        names: [],
      })
    }),
  )
