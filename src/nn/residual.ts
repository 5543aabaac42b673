// A branch and a shortcut around it, joined: the shape of every residual block.
import * as E from 'fp-ts/Either'
import type { Aval } from '../core/aval.ts'
import type { ParamTree } from '../core/tree.ts'
import type { Value } from '../core/value.ts'
import { type AnyLayer, applyBound, empty } from './layer.ts'

/** The branch's parameters lie at the block's own root, the shortcut's, where there is one, under its name. */
export interface Residual {
  readonly branch: AnyLayer
  readonly shortcut?: { readonly name: string; readonly layer: AnyLayer }
  readonly join: (branch: Value, shortcut: Value) => Value
}

const placeholder = (aval: Aval): Value => ({ _tag: 'Arg', aval, name: 'x' })

type Tree<A> = { readonly [key: string]: A | Tree<A> }

/** The sub-tree under a name; `init` put one there. */
const under = <A>(tree: Tree<A>, name: string): Tree<A> => (tree[name] ?? {}) as Tree<A>

/** y = join(branch(x), shortcut(x)), with x itself where there is no shortcut. */
export const residual = ({ branch, shortcut, join }: Residual): AnyLayer => ({
  init: x => {
    const main = branch.init(x)
    if (E.isLeft(main)) return main
    const side = shortcut?.layer.init(x) ?? E.right({ params: empty, state: empty, out: x })
    if (E.isLeft(side)) return E.left({ ...side.left, op: `${shortcut?.name}.${side.left.op}` })
    const joined = join(placeholder(main.right.out), placeholder(side.right.out))
    if (joined._tag === 'Bottom') return E.left(joined.errors[0])
    const both = (tree: ParamTree, other: ParamTree): ParamTree =>
      shortcut === undefined ? tree : { ...tree, [shortcut.name]: other }
    return E.right({
      params: both(main.right.params, side.right.params),
      state: both(main.right.state, side.right.state),
      out: joined.aval,
    })
  },
  apply: mode => (params, state, x) => {
    // Trees bound from this layer's own `init`, which put the shortcut's under its name.
    const [p, s] = [params as Tree<Value>, state as Tree<Value>]
    const [y, next] = applyBound(branch, mode)(p, s, x)
    if (shortcut === undefined) return [join(y, x), next]
    const { name, layer } = shortcut
    const [z, side] = applyBound(layer, mode)(under(p, name), under(s, name), x)
    return [join(y, z), { ...(next as Tree<Value>), [name]: side as Tree<Value> }]
  },
})
