// The forward pass of a model: all blocks or the last ones, their outputs, features, logits and the next state.
import type { Bind, ParamTree } from '../core/tree.ts'
import type { Value } from '../core/value.ts'
import { absent, applyBound, type Mode } from '../nn/layer.ts'
import { headOf, type Model, type Part, poolOf } from './model.ts'

/** A tree of values: parameters bound to arguments. */
export type ValueTree = Value | { readonly [key: string]: ValueTree }

/** Tells a value from a tree of them. */
export const isValue = (tree: ValueTree): tree is Value =>
  '_tag' in tree && typeof tree._tag === 'string'

/** What a forward pass gives. */
export interface Forward {
  /** The output of every block that ran, the last as the model ends it. */
  readonly taps: ReadonlyArray<Value>
  /** The output of every block that ran as the next one, or the tail, takes it. */
  readonly outputs: ReadonlyArray<Value>
  /** The classifier's input and output. */
  readonly features: Value
  readonly logits: Value
  /** The next state by part, of those that ran. */
  readonly state: Readonly<Record<string, ValueTree>>
}

/** Trees of values by part. */
export type PartTrees = Readonly<Record<string, ValueTree>>

/** What the classifier sees, from the pooled outputs of the blocks that ran and the features of the last. */
export type Neck = (rows: ReadonlyArray<Value>, features: Value) => Value

const plain: Neck = (_, features) => features

/** The mode of every part, or one for all. */
export type Modes = Mode | ((part: string) => Mode)

/**
 * Runs blocks `from`.. on x, the output of block `from - 1` (the input where it is 0), the tail and the classifier.
 * `taps` start at block `from`.
 */
export const forward =
  (model: Model, modes: Modes, from = 0) =>
  (params: PartTrees, state: PartTrees, x: Value, neck: Neck = plain): Forward => {
    const next: Record<string, ValueTree> = {}
    const run = ({ name, layer }: Part, value: Value): Value => {
      const mode = typeof modes === 'function' ? modes(name) : modes
      const bound: Bind<ParamTree, Value> = params[name] ?? absent(name, name)
      const [y, s] = applyBound(layer, mode)(bound, state[name] ?? {}, value)
      next[name] = s
      return y
    }
    const outputs: Array<Value> = []
    for (const block of model.blocks.slice(from)) outputs.push(run(block, outputs.at(-1) ?? x))
    const { tail } = model
    const last = outputs.at(-1) ?? x
    const map = tail === undefined ? last : run(tail, last)
    const pool = poolOf(model)
    const features = neck(outputs.map(pool), pool(map))
    const logits = run(headOf(model), features)
    const ends = tail?.endsLast === true && outputs.length > 0
    const taps = ends ? [...outputs.slice(0, -1), map] : outputs
    return { taps, outputs, features, logits, state: next }
  }
