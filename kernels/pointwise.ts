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
import { cutAll } from './cuts.ts'
import { allAlike, operand } from './shapes.ts'

/**
 * Lanes of a workgroup, and the vec4s that they share: software Vulkan makes one long loop of its SIMD width two to
 * three times as fast as turns of 64 lanes; real GPUs want many short workgroups.
 */
const sharesFor = ({ family }: Target): { readonly LANES: number; readonly SPAN: number } =>
  family === 'tiled' ? { LANES: 64, SPAN: 256 } : { LANES: 8, SPAN: 1024 }

/** The constants and workgroups of a shader whose workgroups share `count` elements in spans. */
export const inSpans = (
  count: number,
  target: Target,
): Pick<Dispatch, 'constants' | 'workgroups'> => {
  const shares = sharesFor(target)
  return { constants: { ...shares }, workgroups: groupsFor(Math.ceil(count / shares.SPAN), target) }
}

/** What an elementwise dispatch is made of; `params` follow the number of vec4s in the uniform block. */
export interface Pointwise {
  readonly label: string
  readonly shader: string
  readonly bindings: ReadonlyArray<Ref>
  readonly params?: ReadonlyArray<Word>
}

/** One dispatch over all vec4s of an array; the last vec4 may reach into the array's padding. */
export const overVec4s = (
  aval: Aval,
  target: Target,
  { label, shader, bindings, params = [] }: Pointwise,
): Dispatch => {
  const count = Math.ceil(sizeOf(aval) / 4)
  return {
    label,
    shader,
    uniform: [word(count), ...params],
    bindings,
    ...inSpans(count, target),
  }
}

/** What tells one map from another; `params` are the words that its shader reads after `count`. */
export interface MapOp<A> extends Pick<Op<A>, 'name' | 'vjp' | 'oracle' | 'fuse'> {
  readonly arity: number
  readonly shader: string
  readonly params?: (attrs: A) => ReadonlyArray<Word>
}

/** The op y = f(x1, .., x_arity), element by element over f32 arrays of one shape; bindings are the operands, then y. */
export const mapOp = <A>({ arity, shader, params, ...rest }: MapOp<A>): Op<A> => ({
  ...rest,
  infer: allAlike(arity),
  split: cutAll,
  lower: ({ attrs, ins }, target) => [
    overVec4s(operand(ins, 0), target, {
      label: rest.name,
      shader,
      params: params?.(attrs) ?? [],
      bindings: [...ins.map((_, i) => input(i)), output()],
    }),
  ],
})
