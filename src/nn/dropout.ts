// Dropout as a layer: drops in training only.
import * as E from 'fp-ts/Either'
import { dropout as dropoutOp } from '../../kernels/dropout.ts'
import { apply } from '../core/op.ts'
import { hashName } from '../core/random.ts'
import { type Empty, empty, type Layer } from './layer.ts'

/** Drops a share `rate` of the elements in training; `name` tells one dropout of a network from another. */
export const dropout = (rate: number, name: string): Layer<Empty, Empty> => ({
  init: x => E.right({ params: empty, state: empty, out: x }),
  apply: mode => (_, state, x) => [
    mode._tag === 'Eval' || rate === 0
      ? x
      : apply(dropoutOp, { rate, key: hashName(name) })(x, mode.random),
    state,
  ],
})
