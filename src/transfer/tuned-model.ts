// What of a model trains, as values: freezing by path, a skip to the classifier, a head for other classes.
import { pipe } from 'fp-ts/function'
import { type Model, headName, type ModelInit, modelParameters } from '../models/model.ts'
import { parameters } from '../core/tree.ts'

/** A model of which some parameters keep their contents, and whose classifier may see more than the last block's output. */
export interface TunedModel extends Model {
  /** Whether the parameter at a path keeps its contents; none does where left out. */
  readonly frozen?: (path: string) => boolean
  /** Name of the block whose pooled output is added to the classifier's input. */
  readonly skip?: string
}

/** Parameters by path: patterns in which `*` stands for any text, or a predicate. A pattern means all below it too. */
export type Paths = string | ReadonlyArray<string> | ((path: string) => boolean)

const literal = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&')

const matcher = (pattern: string): RegExp =>
  new RegExp(`^${pattern.split('*').map(literal).join('.*')}(\\..*)?$`)

/** Whether a path is meant: `layer4` and `layer4.*` are all of `layer4.0.conv1.weight`'s kind, `*.bn1` every `bn1`. */
export const among = (paths: Paths): ((path: string) => boolean) => {
  if (typeof paths === 'function') return paths
  const all = (typeof paths === 'string' ? [paths] : paths).map(matcher)
  return path => all.some(one => one.test(path))
}

/** All paths but these. */
export const allBut = (paths: Paths): ((path: string) => boolean) => {
  const kept = among(paths)
  return path => !kept(path)
}

/** The model with the parameters at these paths frozen, beside those that are: no gradient of them is computed. */
export const freeze =
  (paths: Paths) =>
  (model: TunedModel): TunedModel => {
    const { frozen = () => false } = model
    const more = among(paths)
    return { ...model, frozen: path => frozen(path) || more(path) }
  }

/**
 * The model with a skip from a block, by name, to the classifier's input: averaged over places, padded with zeros to its
 * width, and added (paper, Section 3.3 and Appendix B.2).
 */
export const skipConnect =
  (block: string) =>
  (model: TunedModel): TunedModel => ({ ...model, skip: block })

/** The model with a classifier for that many classes; it begins from scratch where it is transferred. */
export const withHead =
  (classes: number) =>
  (model: TunedModel): TunedModel => ({ ...model, classes })

/** Whether the parameter at a path trains. */
export const trainsIn =
  ({ frozen = () => false }: TunedModel) =>
  (path: string): boolean =>
    !frozen(path)

/** Names of the parts of which a parameter trains; the batch norms of the others may keep their running moments. */
export const movingParts = (
  model: TunedModel,
  { params, paths }: ModelInit,
): ReadonlySet<string> => {
  const trains = trainsIn(model)
  const moves = ([name]: readonly [string, unknown]): boolean =>
    parameters(params[name] ?? {}, paths[name] ?? name).some(([path]) => trains(path))
  return new Set(
    Object.entries(params)
      .filter(moves)
      .map(([name]) => name),
  )
}

/** Index of the block that a skip begins at; none where there is no skip, -1 where no block has its name. */
export const skipIndex = ({ skip, blocks }: TunedModel): number | undefined =>
  skip === undefined ? undefined : blocks.findIndex(({ name }) => name === skip)

/** The first block that moves or that a skip begins at, all blocks' number for none; what comes before it is frozen. */
export const firstBlock = (model: TunedModel, init: ModelInit): number => {
  const moving = movingParts(model, init)
  const first = model.blocks.findIndex(({ name }) => moving.has(name))
  const skip = skipIndex(model) ?? model.blocks.length
  return Math.min(first === -1 ? model.blocks.length : first, skip)
}

/** The patterns that no parameter of the model fits. */
export const unmatched = (
  patterns: ReadonlyArray<string>,
  init: ModelInit,
): ReadonlyArray<string> => {
  const paths = modelParameters(init).map(([path]) => path)
  return patterns.filter(one => !paths.some(among(one)))
}

/** Only these parameters and the classifier train. */
export const tuneOnly =
  (paths: Paths) =>
  (model: TunedModel): TunedModel =>
    pipe(model, freeze(allBut(p => among(paths)(p) || among(headName(model))(p))))
