// A network as the transfer study sees it: named blocks one after the other, then a linear classifier.
import * as E from 'fp-ts/Either'
import { type Aval, f32, sizeOf } from '../core/aval.ts'
import { type ParamTree, parameters } from '../core/tree.ts'
import type { ShapeError, Value } from '../core/value.ts'
import { dense } from '../nn/dense.ts'
import { type AnyLayer, absent, type Mode, untyped } from '../nn/layer.ts'

/** A fine-tuning unit: the parameters of block `name` lie under `name`. */
export interface Block {
  readonly name: string
  readonly layer: AnyLayer
}

/** Blocks, and a classifier on the last block's output. `input` is the shape of one example. */
export interface Model {
  readonly name: string
  readonly input: ReadonlyArray<number>
  readonly classes: number
  readonly blocks: ReadonlyArray<Block>
}

/** A tree of values: parameters bound to arguments. */
export type ValueTree = Value | { readonly [key: string]: ValueTree }

/** What a forward pass gives: the output of every block that ran, the classifier's input and output, and the next state. */
export interface Forward {
  readonly taps: ReadonlyArray<Value>
  readonly features: Value
  readonly logits: Value
  readonly state: Readonly<Record<string, ValueTree>>
}

/** Parameters and state of a model before they have contents, by block name and `head`. */
export interface ModelInit {
  readonly params: Readonly<Record<string, ParamTree>>
  readonly state: Readonly<Record<string, ParamTree>>
  /** Shapes of the blocks' outputs for one example. */
  readonly taps: ReadonlyArray<Aval>
}

/** Name of the classifier. */
export const HEAD = 'head'

/** The linear classifier on the last block's features. */
export const headOf = (model: Model): AnyLayer => untyped(dense(model.classes))

const perExample = ({ dtype, shape }: Aval): Aval => ({ dtype, shape: shape.slice(1) })

/** Shapes and initialisers of a whole model; `Left` names the block whose shapes do not fit. */
export const initModel = (model: Model): E.Either<ShapeError, ModelInit> => {
  const params: Record<string, ParamTree> = {}
  const state: Record<string, ParamTree> = {}
  const taps: Array<Aval> = []
  let x = f32(1, ...model.input)
  for (const { name, layer } of [...model.blocks, { name: HEAD, layer: headOf(model) }]) {
    const made = layer.init(x)
    if (E.isLeft(made)) return E.left({ ...made.left, op: `${name}: ${made.left.op}` })
    params[name] = made.right.params
    state[name] = made.right.state
    x = made.right.out
    taps.push(perExample(x))
  }
  return E.right({ params, state, taps: taps.slice(0, -1) })
}

/** Parameters of the whole model by path. */
export const modelParameters = (init: ModelInit) => parameters(init.params)

/** Number of parameters under a block, or of all where no name is given. */
export const countParameters = (init: ModelInit, block?: string): number =>
  parameters(block === undefined ? init.params : (init.params[block] ?? {})).reduce(
    (n, [, p]) => n + sizeOf(p.aval),
    0,
  )

/** How features reach the classifier; the default is the last block's output as it is. */
export type Neck = (taps: ReadonlyArray<Value>) => Value

const lastTap =
  (x: Value): Neck =>
  taps =>
    taps[taps.length - 1] ?? x

/**
 * Runs blocks `from`.. on x, the output of block `from - 1` (the input where it is 0), and the classifier.
 * `taps` start at block `from`.
 */
export const forward =
  (model: Model, mode: Mode, from = 0) =>
  (
    params: Readonly<Record<string, ValueTree>>,
    state: Readonly<Record<string, ValueTree>>,
    x: Value,
    neck: Neck = lastTap(x),
  ): Forward => {
    const next: Record<string, ValueTree> = { ...state }
    const taps: Array<Value> = []
    const run = (name: string, layer: AnyLayer, value: Value): Value => {
      const sub = params[name] ?? absent(name, name)
      const [y, s] = layer.apply(mode)(sub, state[name] ?? {}, value)
      next[name] = s
      return y
    }
    for (const { name, layer } of model.blocks.slice(from)) {
      taps.push(run(name, layer, taps[taps.length - 1] ?? x))
    }
    const features = neck(taps)
    return { taps, features, logits: run(HEAD, headOf(model), features), state: next }
  }
