// A layer is a pair of pure functions: `init` from an input shape to parameters, `apply` from values to values.
import * as E from 'fp-ts/Either'
import type { Aval } from '../core/aval.ts'
import type { Bind, Initialiser, ParamTree } from '../core/tree.ts'
import { bottom, type ShapeError, type Value } from '../core/value.ts'

/**
 * Training or evaluation, which batch norm and dropout tell apart. In training, rows whose `weights` f32[B] are 0 are
 * padding; `random` u32[2] = [seed, step] draws what dropout drops; `moments` are those that batch norm takes: the
 * batch's, which the running ones follow, or the running ones, as in a frozen block.
 */
export type Mode =
  | { readonly _tag: 'Eval' }
  | {
      readonly _tag: 'Train'
      readonly weights: Value
      readonly random: Value
      readonly moments: 'batch' | 'running'
    }

/** Evaluation: running moments, nothing dropped. */
export const evaluation: Mode = { _tag: 'Eval' }

/** How weight and bias start where it is not as PyTorch's layer does by itself. */
export interface Starts {
  readonly weight?: Initialiser
  readonly bias?: Initialiser
}

/** What `init` gives: parameters and state before they have contents, and the shape of the result. */
export interface Init<P, S> {
  readonly params: P
  readonly state: S
  readonly out: Aval
}

/**
 * A layer over batches: `init` takes the shape of its input, batch dimension included; `apply` gives the result and the
 * next state. Wrong shapes are a `Left` in `init` and a `Bottom` in `apply`.
 */
export interface Layer<P extends ParamTree, S extends ParamTree> {
  readonly init: (x: Aval) => E.Either<ShapeError, Init<P, S>>
  readonly apply: (
    mode: Mode,
  ) => (params: Bind<P, Value>, state: Bind<S, Value>, x: Value) => readonly [Value, Bind<S, Value>]
}

/** The tree without parameters. */
export type Empty = Readonly<Record<never, never>>

/** No parameters, no state. */
export const empty: Empty = {}

/** The upper bound of all layers, what lists of unlike ones hold: no tree is known to fit one but those from its own `init`. */
export interface AnyLayer {
  readonly init: (x: Aval) => E.Either<ShapeError, Init<ParamTree, ParamTree>>
  readonly apply: (
    mode: Mode,
  ) => (params: never, state: never, x: Value) => readonly [Value, Bind<ParamTree, Value>]
}

/** A layer's application to trees that were bound from its own `init`, which the types of unlike layers cannot say. */
export const applyBound = (
  layer: AnyLayer,
  mode: Mode,
): ReturnType<Layer<ParamTree, ParamTree>['apply']> =>
  layer.apply(mode) as ReturnType<Layer<ParamTree, ParamTree>['apply']>

/** A layer without parameters, from a function of values; `init` asks the function for its shapes. */
export const stateless = (f: (x: Value) => Value): Layer<Empty, Empty> => ({
  init: aval => {
    const y = f({ _tag: 'Arg', aval, name: 'x' })
    return y._tag === 'Bottom'
      ? E.left(y.errors[0])
      : E.right({ params: empty, state: empty, out: y.aval })
  },
  apply: () => (_, state, x) => [f(x), state],
})

/** Stands for a sub-tree that is not there; `trace` reports it. */
export const absent = (layer: string, key: string): Value =>
  bottom([{ op: layer, message: `no parameters under '${key}'` }])
