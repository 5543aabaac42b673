// A branch and a shortcut around it, joined: the shape of every residual block.
import * as E from 'fp-ts/Either'
import type { ParamTree } from '../core/tree.ts'
import type { Value } from '../core/value.ts'
import type { AnyLayer } from './layer.ts'

/** The branch's parameters lie at the block's own root, the shortcut's, where there is one, under its name. */
export interface Residual {
  readonly branch: AnyLayer
  readonly shortcut?: { readonly name: string; readonly layer: AnyLayer }
  readonly join: (branch: Value, shortcut: Value) => Value
}

type Tree<A> = { readonly [key: string]: A | Tree<A> }

/** The sub-tree under a name; `init` put one there. */
const under = <A>(tree: Tree<A>, name: string): Tree<A> => (tree[name] ?? {}) as Tree<A>

/** y = join(branch(x), shortcut(x)), with x itself where there is no shortcut. */
export const residual = ({ branch, shortcut, join }: Residual): AnyLayer => ({
  init: x => {
    const main = branch.init(x)
    if (E.isLeft(main) || shortcut === undefined) return main
    const { name, layer } = shortcut
    const side = layer.init(x)
    if (E.isLeft(side)) return E.left({ ...side.left, op: `${name}.${side.left.op}` })
    const both = (tree: ParamTree, other: ParamTree): ParamTree => ({ ...tree, [name]: other })
    const { params, state, out } = main.right
    return E.right({
      params: both(params, side.right.params),
      state: both(state, side.right.state),
      out,
    })
  },
  apply: mode => (params, state, x) => {
    // Trees bound from this layer's own `init`, which put the shortcut's under its name.
    const [p, s] = [params as Tree<Value>, state as Tree<Value>]
    const [y, next] = branch.apply(mode)(p, s, x)
    if (shortcut === undefined) return [join(y, x), next]
    const { name, layer } = shortcut
    const [z, side] = layer.apply(mode)(under(p, name), under(s, name), x)
    return [join(y, z), { ...(next as Tree<Value>), [name]: side as Tree<Value> }]
  },
})
