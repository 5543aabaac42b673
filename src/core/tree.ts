// Typed trees: parameters as initialisers with names from structure, and the same tree bound to anything else.
import type { Aval, Data } from './aval.ts'
import { sizeOf, zerosOf } from './aval.ts'
import { normals, uniforms } from './random.ts'

/** How a parameter starts: a constant, uniform in +-bound, or normal with a standard deviation. */
export type Initialiser =
  | { readonly _tag: 'Constant'; readonly value: number }
  | { readonly _tag: 'Uniform'; readonly bound: number }
  | { readonly _tag: 'Normal'; readonly std: number }

/** Every element the same. */
export const constant = (value: number): Initialiser => ({ _tag: 'Constant', value })

/** Uniform in +-bound. */
export const uniform = (bound: number): Initialiser => ({ _tag: 'Uniform', bound })

/** Normal with mean 0. */
export const normal = (std: number): Initialiser => ({ _tag: 'Normal', std })

/** A parameter before it has contents. */
export interface Param {
  readonly _tag: 'Param'
  readonly aval: Aval
  readonly initialiser: Initialiser
}

/** A tree of parameters; names come from structure and are joined by dots, as in PyTorch's state dicts. */
export type ParamTree = Param | { readonly [key: string]: ParamTree }

/** The same tree with an `A` in place of every parameter. */
export type Bind<T, A> = T extends Param ? A : { readonly [K in keyof T]: Bind<T[K], A> }

/** A parameter. */
export const param = (aval: Aval, initialiser: Initialiser): Param => ({
  _tag: 'Param',
  aval,
  initialiser,
})

const isParam = (tree: ParamTree): tree is Param => '_tag' in tree && tree._tag === 'Param'

const join = (prefix: string, key: string): string => (prefix === '' ? key : `${prefix}.${key}`)

/** All parameters with their paths, in the order of the structure. */
export const parameters = (
  tree: ParamTree,
  prefix = '',
): ReadonlyArray<readonly [string, Param]> =>
  isParam(tree)
    ? [[prefix, tree]]
    : Object.entries(tree).flatMap(([key, sub]) => parameters(sub, join(prefix, key)))

/** Puts `f(path, parameter)` in place of every parameter. */
export const bindTree = <T extends ParamTree, A>(
  tree: T,
  f: (path: string, param: Param) => A,
  prefix = '',
): Bind<T, A> => {
  const bound = isParam(tree)
    ? f(prefix, tree)
    : Object.fromEntries(
        Object.entries(tree).map(([key, sub]) => [key, bindTree(sub, f, join(prefix, key))]),
      )
  // TypeScript cannot follow a conditional type through a recursion; the shape is the tree's own by construction.
  return bound as Bind<T, A>
}

/** The starting contents of a parameter, the same for the same seed and path. */
export const initialise = (seed: number, path: string, { aval, initialiser }: Param): Data => {
  const data = zerosOf(aval)
  const n = sizeOf(aval)
  if (initialiser._tag === 'Constant') return data.fill(initialiser.value)
  const next = initialiser._tag === 'Uniform' ? uniforms(seed, path) : normals(seed, path)
  for (let i = 0; i < n; i++) {
    data[i] =
      initialiser._tag === 'Uniform'
        ? (2 * next() - 1) * initialiser.bound
        : next() * initialiser.std
  }
  return data
}
