// Floating-point operations of a network, counted in its traced program.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { NonEmptyArray } from 'fp-ts/NonEmptyArray'
import { f32 } from '../core/aval.ts'
import { type Program, trace } from '../core/trace.ts'
import { bindTree, type ParamTree } from '../core/tree.ts'
import { arg, type ShapeError, type Value } from '../core/value.ts'
import { evaluation } from '../nn/layer.ts'
import { forward, type PartTrees } from './forward.ts'
import type { Model, ModelInit } from './model.ts'

/** Operations of all products of a program, a multiplication and an addition each one; what else it does is little. */
export const programFlops = (program: Program): number =>
  program.instructions.reduce((sum, { primitive }) => sum + primitive.flops, 0)

const bound = (init: ModelInit, trees: Readonly<Record<string, ParamTree>>): PartTrees =>
  Object.fromEntries(
    Object.entries(trees).map(([part, tree]) => [
      part,
      bindTree(tree, (path, { aval }): Value => arg(path, aval), init.paths[part] ?? part),
    ]),
  )

/** The program of one image's logits in evaluation. */
export const imageProgram = (
  model: Model,
  init: ModelInit,
): E.Either<NonEmptyArray<ShapeError>, Program> => {
  const x = arg('x', f32(1, ...model.input))
  const [params, state] = [bound(init, init.params), bound(init, init.state)]
  const { logits } = forward(model, evaluation)(params, state, x)
  return trace({ outputs: { logits } })
}

/** Floating-point operations of one image's forward pass; NaN where the shapes do not fit. */
export const flopsOf = (model: Model, init: ModelInit): number =>
  pipe(
    imageProgram(model, init),
    E.fold(() => Number.NaN, programFlops),
  )
