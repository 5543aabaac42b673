// A network as the transfer study sees it: named blocks one after the other, then a linear classifier.
import * as E from 'fp-ts/Either'
import { meanPool } from '../../kernels/mean-pool.ts'
import { type Aval, f32, sizeOf } from '../core/aval.ts'
import { apply } from '../core/op.ts'
import { type Param, type ParamTree, parameters } from '../core/tree.ts'
import type { ShapeError, Value } from '../core/value.ts'
import { dense } from '../nn/dense.ts'
import type { AnyLayer } from '../nn/layer.ts'

/** A named piece of a network. Its parameters lie under `path`, '' for the root; under its name where left out. */
export interface Part {
  readonly name: string
  readonly path?: string
  readonly layer: AnyLayer
}

/** A fine-tuning unit; or, where `fixed`, what lies before or between them and is none: a stem, a transition. */
export interface Block extends Part {
  readonly fixed?: true
}

/** From the last block's output to the map that features are taken of: a norm, a last convolution. */
export interface Tail extends Part {
  /** The last block's tap is this part's output rather than its own (a vision transformer's last norm). */
  readonly endsLast?: true
}

/** From arrays [B, .., d] to rows [B, d]. */
export type Pooling = (x: Value) => Value

/** The classifier: a layer for a number of classes. */
export interface Head {
  readonly name: string
  readonly layer: (classes: number) => AnyLayer
}

/**
 * Blocks, and a classifier on the features of the last one's output. `input` is the shape of one example, [H, W, C] for
 * images.
 */
export interface Model {
  readonly name: string
  readonly input: ReadonlyArray<number>
  readonly classes: number
  readonly blocks: ReadonlyArray<Block>
  readonly tail?: Tail
  /** Features [B, d] of the tail's output, and rows of other blocks' in a skip; the mean over places where left out. */
  readonly pool?: Pooling
  /** Linear where left out. */
  readonly head?: Head
}

/** Parameters and state of a model before they have contents, by part; `paths` says where each part's lie. */
export interface ModelInit {
  readonly params: Readonly<Record<string, ParamTree>>
  readonly state: Readonly<Record<string, ParamTree>>
  readonly paths: Readonly<Record<string, string>>
  /** Shapes of the blocks' outputs for one example. */
  readonly taps: ReadonlyArray<Aval>
  /** Width of the features. */
  readonly width: number
}

/** Name of the classifier where a model does not say. */
export const HEAD = 'head'

const plainHead: Head = { name: HEAD, layer: classes => dense(classes) }

/** The classifier as a part. */
export const headOf = (model: Model): Part => {
  const { name, layer } = model.head ?? plainHead
  return { name, layer: layer(model.classes) }
}

/** What the classifier's parameters' names begin with, before a dot. */
export const headName = (model: Model): string => headOf(model).name

/** Where a part's parameters lie. */
export const pathOf = ({ name, path = name }: Part): string => path

/** The mean over all places between the batch and the channels; rows as they are. */
export const average: Pooling = x => (x.aval.shape.length > 2 ? apply(meanPool, null)(x) : x)

/** Features of a map, or rows of a block's output, by the model's own pooling. */
export const poolOf = (model: Model): Pooling => model.pool ?? average

/** A fine-tuning unit: its number in the paper, from 1, and its place among all blocks, from 0. */
export interface Unit {
  readonly number: number
  readonly index: number
  readonly block: Block
}

/** The fine-tuning units in order. */
export const unitsOf = (model: Model): ReadonlyArray<Unit> =>
  model.blocks
    .map((block, index) => ({ block, index }))
    .filter(({ block }) => block.fixed !== true)
    .map((unit, i) => ({ ...unit, number: i + 1 }))

const perExample = ({ dtype, shape }: Aval): Aval => ({ dtype, shape: shape.slice(1) })

const pooledAval = (model: Model, aval: Aval): E.Either<ShapeError, Aval> => {
  const pooled = poolOf(model)({ _tag: 'Arg', aval, name: 'x' })
  return pooled._tag === 'Bottom' ? E.left(pooled.errors[0]) : E.right(pooled.aval)
}

/** Shapes and initialisers of a whole model; `Left` names the part whose shapes do not fit. */
export const initModel = (model: Model): E.Either<ShapeError, ModelInit> => {
  const params: Record<string, ParamTree> = {}
  const state: Record<string, ParamTree> = {}
  const paths: Record<string, string> = {}
  const taps: Array<Aval> = []
  const add = (part: Part, x: Aval): E.Either<ShapeError, Aval> => {
    const made = part.layer.init(x)
    if (E.isLeft(made)) return E.left({ ...made.left, op: `${part.name}: ${made.left.op}` })
    params[part.name] = made.right.params
    state[part.name] = made.right.state
    paths[part.name] = pathOf(part)
    return E.right(made.right.out)
  }
  let x = f32(1, ...model.input)
  for (const block of model.blocks) {
    const out = add(block, x)
    if (E.isLeft(out)) return out
    x = out.right
    taps.push(perExample(x))
  }
  const map = model.tail === undefined ? E.right(x) : add(model.tail, x)
  if (E.isLeft(map)) return map
  const features = pooledAval(model, map.right)
  if (E.isLeft(features)) return features
  const logits = add(headOf(model), features.right)
  if (E.isLeft(logits)) return logits
  return E.right({ params, state, paths, taps, width: features.right.shape[1] ?? 0 })
}

const under = (
  { paths }: ModelInit,
  trees: Readonly<Record<string, ParamTree>>,
): ReadonlyArray<readonly [string, Param]> =>
  Object.entries(trees).flatMap(([name, tree]) => parameters(tree, paths[name] ?? name))

/** Parameters of the whole model by path. */
export const modelParameters = (init: ModelInit) => under(init, init.params)

/** State of the whole model by path: running moments. */
export const modelState = (init: ModelInit) => under(init, init.state)

/** Number of parameters of a part, or of all where no name is given. */
export const countParameters = (init: ModelInit, part?: string): number =>
  (part === undefined ? modelParameters(init) : parameters(init.params[part] ?? {})).reduce(
    (n, [, p]) => n + sizeOf(p.aval),
    0,
  )
