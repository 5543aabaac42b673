// Values computed on the host: layers tested without a device.
import * as E from 'fp-ts/Either'
import type { Aval, Data } from '../../src/core/aval.ts'
import { interpret } from '../../src/core/interpret.ts'
import { trace } from '../../src/core/trace.ts'
import { bindTree, type ParamTree } from '../../src/core/tree.ts'
import { arg, showShapeErrors, type Value } from '../../src/core/value.ts'
import type { Layer, Mode } from '../../src/nn/layer.ts'

/** Contents of values by name, from those of their arguments; throws the text of shape errors. */
export const evaluate = (
  outputs: Readonly<Record<string, Value>>,
  args: Readonly<Record<string, Data>>,
): Readonly<Record<string, Data>> => {
  const program = trace({ outputs })
  if (E.isLeft(program)) throw new Error(showShapeErrors(program.left))
  return interpret(program.right, args).outputs
}

/** A layer applied to argument `x`, its parameters and state arguments named by their paths. */
export const applied = <P extends ParamTree, S extends ParamTree>(
  layer: Layer<P, S>,
  mode: Mode,
  x: Aval,
) => {
  const made = layer.init(x)
  if (E.isLeft(made)) throw new Error(showShapeErrors([made.left]))
  const { params, state, out } = made.right
  const values = bindTree(params, (path, p) => arg(path, p.aval))
  const states = bindTree(state, (path, p) => arg(path, p.aval))
  const [y, next] = layer.apply(mode)(values, states, arg('x', x))
  return { params, state, out, y, next }
}
