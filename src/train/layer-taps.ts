// Which values of a forward pass are a network's layers: the outputs of its fine-tuning units, and the classifier's input.
import * as E from 'fp-ts/Either'
import { type Fault, fault } from '../core/fault.ts'
import { at } from '../core/op.ts'
import type { Value } from '../core/value.ts'
import type { Forward } from '../models/forward.ts'
import { average, type Model, type Pooling, unitsOf } from '../models/model.ts'
import { classToken } from '../models/vit.ts'
import type { Network } from './network.ts'

/** How a map [B, .., d] becomes rows [B, d]: the mean over places; a vision transformer's class token, or the mean of its tokens. */
export type PoolName = 'avg' | 'cls' | 'tokens'

/** Every fine-tuning unit and the classifier's input, or that alone. */
export type WhichLayers = 'all' | 'penultimate'

/** A layer whose rows [B, width] are read; `unit` is its number from 1, null for the classifier's input. */
export interface LayerTap {
  readonly name: string
  readonly unit: number | null
  readonly width: number
  readonly value: (pass: Forward) => Value
}

/** Name of the classifier's input among the layers. */
export const PENULTIMATE = 'penultimate'

/** The pooling of a name; a fault where the model has no tokens. */
export const poolingNamed = ({ name, pool }: Model, wanted: PoolName): E.Either<Fault, Pooling> => {
  const isVit = pool !== undefined
  if (wanted === 'avg' || (wanted === 'tokens' && isVit)) return E.right(average)
  return isVit
    ? E.right(classToken)
    : E.left(fault(`${name} has no tokens`, `--pool ${wanted}`, 'leave --pool out'))
}

/** The layers of a network in order, pooled. */
export const layerTaps = (
  { model, init }: Network,
  which: WhichLayers,
  pool: Pooling,
): ReadonlyArray<LayerTap> => {
  const last: LayerTap = {
    name: PENULTIMATE,
    unit: null,
    width: init.width,
    value: ({ features }) => features,
  }
  const units = unitsOf(model).map(
    ({ number, index, block }): LayerTap => ({
      name: block.name,
      unit: number,
      width: init.taps[index]?.shape.at(-1) ?? 0,
      value: ({ taps }) => pool(at(taps, index)),
    }),
  )
  return which === 'all' ? [...units, last] : [last]
}
