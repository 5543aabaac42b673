// Layers one after the other at one root: the names of their parameters must differ.
import * as E from 'fp-ts/Either'
import type { Bind, ParamTree } from '../core/tree.ts'
import type { Value } from '../core/value.ts'
import { type AnyLayer, empty, type Init } from './layer.ts'

type Values = Bind<ParamTree, Value>

/** Runs the layers in order; unlike in `serial`, no name of their own stands before those of their parameters. */
export const compose = (...layers: ReadonlyArray<AnyLayer>): AnyLayer => ({
  init: x => {
    let all: Init<ParamTree, ParamTree> = { params: empty, state: empty, out: x }
    for (const layer of layers) {
      const made = layer.init(all.out)
      if (E.isLeft(made)) return made
      const { params, state, out } = made.right
      all = { params: { ...all.params, ...params }, state: { ...all.state, ...state }, out }
    }
    return E.right(all)
  },
  apply: mode => (params, state, x) => {
    let value = x
    let next: Values = {}
    for (const layer of layers) {
      const [y, s] = layer.apply(mode)(params, state, value)
      value = y
      next = { ...next, ...s }
    }
    return [value, next]
  },
})
