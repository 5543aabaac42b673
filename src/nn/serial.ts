// Layers one after the other, under names that become the paths of their parameters.
import * as E from 'fp-ts/Either'
import type { Aval } from '../core/aval.ts'
import type { Bind, ParamTree } from '../core/tree.ts'
import type { ShapeError, Value } from '../core/value.ts'
import type { AnyLayer, Init, Layer } from './layer.ts'

type ParamsOf<L> = L extends Layer<infer P, ParamTree> ? P : never
type StateOf<L> = L extends Layer<ParamTree, infer S> ? S : never

/** The sub-tree under a name; bound from `init`, it belongs to the layer of that name, which the types cannot say. */
const under = (tree: unknown, name: string): never =>
  (tree as Readonly<Record<string, unknown>>)[name] as never

/** Runs the named layers in the order of their names' appearance; parameters of layer `a` lie under `a`. */
export const serial = <L extends Readonly<Record<string, AnyLayer>>>(
  layers: L,
): Layer<
  { readonly [K in keyof L]: ParamsOf<L[K]> },
  { readonly [K in keyof L]: StateOf<L[K]> }
> => {
  type Params = { readonly [K in keyof L]: ParamsOf<L[K]> }
  type State = { readonly [K in keyof L]: StateOf<L[K]> }
  const init = (x: Aval): E.Either<ShapeError, Init<Params, State>> => {
    const params: Record<string, ParamTree> = {}
    const state: Record<string, ParamTree> = {}
    let out = x
    for (const [name, layer] of Object.entries(layers)) {
      const made = layer.init(out)
      if (E.isLeft(made)) return E.left({ ...made.left, op: `${name}.${made.left.op}` })
      params[name] = made.right.params
      state[name] = made.right.state
      out = made.right.out
    }
    // The records were filled under exactly the names of `layers`, which TypeScript cannot see through the loop.
    return E.right({ params: params as Params, state: state as State, out })
  }
  return {
    init,
    apply: mode => (params, state, x) => {
      const next: Record<string, unknown> = {}
      let value = x
      for (const [name, layer] of Object.entries(layers)) {
        const [y, s] = layer.apply(mode)(under(params, name), under(state, name), value)
        value = y
        next[name] = s
      }
      return [value, next as Bind<State, Value>]
    },
  }
}
