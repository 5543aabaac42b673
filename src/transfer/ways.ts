// The paper's four ways of transferring a pre-trained network: which parameters move, what runs, what the classifier sees.
import { flow, pipe } from 'fp-ts/function'
import { sizeOf } from '../core/aval.ts'
import { apply, at } from '../core/op.ts'
import type { Value } from '../core/value.ts'
import { add } from '../../kernels/add.ts'
import { padColumns } from '../../kernels/resize-columns.ts'
import type { Neck } from '../models/forward.ts'
import { type Model, type ModelInit, modelParameters, pathOf, unitsOf } from '../models/model.ts'
import { skipConnect, skipIndex, type TunedModel, trainsIn, tuneOnly } from './tuned-model.ts'

/** Linear probe, Layer FT and SCL FT of one block (by its index among all, from 0), full FT (paper, Section 3.3). */
export type Way =
  | { readonly _tag: 'Probe' }
  | { readonly _tag: 'Layer'; readonly block: number }
  | { readonly _tag: 'Scl'; readonly block: number }
  | { readonly _tag: 'Full' }

/** One of the paper's ways, or any other choice of what trains. */
export type AnyWay =
  | Way
  | { readonly _tag: 'Own'; readonly tune: (model: TunedModel) => TunedModel }

const onlyBlock = (model: Model, index: number): ((model: TunedModel) => TunedModel) => {
  const block = model.blocks[index]
  const path = block === undefined ? undefined : `${pathOf(block)}.`
  return tuneOnly(p => path !== undefined && p.startsWith(path))
}

/** The model as a way tunes it. */
export const tunedBy =
  (way: AnyWay) =>
  (model: TunedModel): TunedModel => {
    switch (way._tag) {
      case 'Probe':
        return tuneOnly([])(model)
      case 'Layer':
        return onlyBlock(model, way.block)(model)
      case 'Scl':
        return flow(
          onlyBlock(model, way.block),
          skipConnect(model.blocks[way.block]?.name ?? ''),
        )(model)
      case 'Full':
        return model
      case 'Own':
        return way.tune(model)
    }
  }

const widthOf = (x: Value): number => x.aval.shape[1] ?? 0

const padTo = (x: Value, width: number): Value =>
  widthOf(x) === width ? x : apply(padColumns, { width })(x)

/**
 * What the classifier sees where it is not the last block's output: with a skip, that plus the output of the block that
 * it begins at, padded with zeros to its width. `from` is the first block that runs.
 */
export const neckOf = (model: TunedModel, from: number): Neck | undefined => {
  const index = skipIndex(model)
  return index === undefined
    ? undefined
    : (rows, features) =>
        apply(add, null)(features, padTo(at(rows, index - from), widthOf(features)))
}

/** Parameters that move, and their share of all, classifier included, in percent. */
export const trainedShare = (
  model: Model,
  init: ModelInit,
  way: AnyWay,
): { readonly trained: number; readonly percent: number } => {
  const all = modelParameters(init)
  const count = (which: (path: string) => boolean) =>
    all.reduce((n, [path, p]) => (which(path) ? n + sizeOf(p.aval) : n), 0)
  const trained = count(trainsIn(pipe(model, tunedBy(way))))
  return { trained, percent: (100 * trained) / count(() => true) }
}

/** Every way of the paper that a model offers: the probe, each block by Layer FT and by SCL FT, and full FT. */
export const allWays = (model: Model): ReadonlyArray<Way> => [
  { _tag: 'Probe' },
  ...unitsOf(model).map(({ index }): Way => ({ _tag: 'Layer', block: index })),
  ...unitsOf(model).map(({ index }): Way => ({ _tag: 'Scl', block: index })),
  { _tag: 'Full' },
]
