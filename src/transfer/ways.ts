// The paper's four ways of transferring a pre-trained network: which parameters move, what runs, what the classifier sees.
import { sizeOf } from '../core/aval.ts'
import { apply, at } from '../core/op.ts'
import type { Value } from '../core/value.ts'
import { add } from '../../kernels/add.ts'
import { padColumns } from '../../kernels/resize-columns.ts'
import type { Neck } from '../models/forward.ts'
import {
  headName,
  type Model,
  type ModelInit,
  modelParameters,
  pathOf,
  unitsOf,
} from '../models/model.ts'

/** Linear probe, Layer FT and SCL FT of one block (by its index among all, from 0), full FT (paper, Section 3.3). */
export type Way =
  | { readonly _tag: 'Probe' }
  | { readonly _tag: 'Layer'; readonly block: number }
  | { readonly _tag: 'Scl'; readonly block: number }
  | { readonly _tag: 'Full' }

const isUnder = (path: string, block: string): boolean => path.startsWith(`${block}.`)

/** Whether the parameter at a path moves: the classifier always, and the tuned block or all blocks. */
export const trains =
  (model: Model, way: Way) =>
  (path: string): boolean => {
    if (isUnder(path, headName(model)) || way._tag === 'Full') return true
    if (way._tag === 'Probe') return false
    const block = model.blocks[way.block]
    return block !== undefined && isUnder(path, pathOf(block))
  }

/** The first block that moves, all blocks' number for none; what comes before it is frozen. */
export const firstBlock = (model: Model, way: Way): number =>
  way._tag === 'Full' ? 0 : way._tag === 'Probe' ? model.blocks.length : way.block

const widthOf = (x: Value): number => x.aval.shape[1] ?? 0

const padTo = (x: Value, width: number): Value =>
  widthOf(x) === width ? x : apply(padColumns, { width })(x)

/**
 * What the classifier sees where it is not the last block's output: for SCL FT, that plus the tuned block's output,
 * padded with zeros to its width (paper, Section 3.3 and Appendix B.2). `from` is the first block that runs.
 */
export const skip = (way: Way, from: number): Neck | undefined =>
  way._tag === 'Scl'
    ? (rows, features) =>
        apply(add, null)(features, padTo(at(rows, way.block - from), widthOf(features)))
    : undefined

/** Parameters that move, and their share of all, classifier included, in percent. */
export const trainedShare = (
  model: Model,
  init: ModelInit,
  way: Way,
): { readonly trained: number; readonly percent: number } => {
  const all = modelParameters(init)
  const count = (which: (path: string) => boolean) =>
    all.reduce((n, [path, p]) => (which(path) ? n + sizeOf(p.aval) : n), 0)
  const trained = count(trains(model, way))
  return { trained, percent: (100 * trained) / count(() => true) }
}

/** Every way that a model offers: the probe, each block by Layer FT and by SCL FT, and full FT. */
export const allWays = (model: Model): ReadonlyArray<Way> => [
  { _tag: 'Probe' },
  ...unitsOf(model).map(({ index }): Way => ({ _tag: 'Layer', block: index })),
  ...unitsOf(model).map(({ index }): Way => ({ _tag: 'Scl', block: index })),
  { _tag: 'Full' },
]
