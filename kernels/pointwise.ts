// Elementwise lowering: lanes that share a span of vec4s, and the op record of a map over arrays of one shape.
import { type Aval, sizeOf } from '../src/core/aval.ts'
import {
  type Dispatch,
  groupsFor,
  input,
  output,
  type Ref,
  type Target,
  type Word,
  word,
} from '../src/core/dispatch.ts'
import type { Op } from '../src/core/op.ts'
import mapOne from '../shaders/map-one.wgsl' with { type: 'text' }
import mapTwo from '../shaders/map-two.wgsl' with { type: 'text' }
import walk from '../shaders/over-vec4s.wgsl' with { type: 'text' }
import { cutAll } from './cuts.ts'
import { allAlike, operand } from './shapes.ts'

/**
 * Lanes of a workgroup, and the vec4s that they share: software Vulkan makes one long loop of its SIMD width two to
 * three times as fast as turns of 64 lanes; real GPUs want many short workgroups.
 */
const sharesFor = ({ family }: Target): { readonly LANES: number; readonly SPAN: number } =>
  family === 'tiled' ? { LANES: 64, SPAN: 256 } : { LANES: 8, SPAN: 1024 }

/** What an elementwise dispatch is made of; `params` follow the number of elements in the uniform block. */
export interface Pointwise {
  readonly label: string
  readonly shader: string
  readonly bindings: ReadonlyArray<Ref>
  readonly params?: ReadonlyArray<Word>
}

/** One dispatch that does a shader's `each` with `count` elements. */
export const overElements = (
  count: number,
  target: Target,
  { label, shader, bindings, params = [] }: Pointwise,
): Dispatch => {
  const shares = sharesFor(target)
  return {
    label,
    shader: `${shader}\n${walk}`,
    constants: { ...shares },
    uniform: [word(count), ...params],
    bindings,
    workgroups: groupsFor(Math.ceil(count / shares.SPAN), target),
  }
}

/** One dispatch over all vec4s of an array; the last vec4 may reach into the array's padding. */
export const overVec4s = (aval: Aval, target: Target, what: Pointwise): Dispatch =>
  overElements(Math.ceil(sizeOf(aval) / 4), target, what)

/** What tells one map from another: its shader is the function `f` of one vec4f or two. */
export interface MapOp extends Pick<Op<null>, 'name' | 'vjp' | 'oracle' | 'fuse'> {
  readonly arity: 1 | 2
  readonly shader: string
}

/** The op y = f(x) or f(a, b), element by element over f32 arrays of one shape. */
export const mapOp = ({ arity, shader, ...rest }: MapOp): Op<null> => ({
  ...rest,
  infer: allAlike(arity),
  split: cutAll,
  lower: ({ ins }, target) => [
    overVec4s(operand(ins, 0), target, {
      label: rest.name,
      shader: `${shader}\n${arity === 1 ? mapOne : mapTwo}`,
      bindings: [...ins.map((_, i) => input(i)), output()],
    }),
  ],
})
