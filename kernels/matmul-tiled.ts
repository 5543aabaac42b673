// Lowering of a matrix product for GPUs: one product of tiles, or parts of it over shares of k and then their sum.
import {
  type Dispatch,
  groupsFor,
  input,
  scratch,
  type Target,
  word,
} from '../src/core/dispatch.ts'
import sum from '../shaders/product-sum.wgsl' with { type: 'text' }
import operands from '../shaders/matmul-tiled.wgsl' with { type: 'text' }
import store from '../shaders/matmul-store.wgsl' with { type: 'text' }
import { type Form, type Sizes, transposesA, transposesB } from './matmul-form.ts'
import type { Ending } from './matmul-lower.ts'
import { type Division, divisionOf, coreOf } from './product-tiled.ts'

/** Most parts of a sum. */
const mostParts = 64

const isWhole = (rowLength: number): number => Number(rowLength % 4 === 0)

const made = ({ m, n, k }: Sizes, form: Form, division: Division, ending: Ending): Dispatch => {
  const { tile, parts, share } = division
  const [aAlong, bAlong] = [!transposesA(form), transposesB(form)]
  const core = coreOf(tile, aAlong, bAlong)
  return {
    label: ending.label,
    shader: core.shader + operands + ending.shader,
    constants: {
      ...core.constants,
      A_WHOLE: isWhole(aAlong ? k : m),
      B_WHOLE: isWhole(bAlong ? k : n),
      C_WHOLE: isWhole(n),
    },
    uniform: [m, n, k, 0, Number(ending.relu ?? false), share].map(word),
    bindings: [input(0), input(1), ...ending.bindings],
    workgroups: [Math.ceil(n / tile.columns), Math.ceil(m / tile.rows), parts],
  }
}

/** The product of operands 0 and 1, divided as told. */
export const productBy = (
  division: Division,
  sizes: Sizes,
  form: Form,
  ending: Ending,
  target: Target,
): ReadonlyArray<Dispatch> => {
  const { m, n } = sizes
  const { parts } = division
  if (parts === 1) return [made(sizes, form, division, ending)]
  const to = scratch(0, 4 * parts * m * n)
  const label = `${ending.label} parts`
  const summed: Dispatch = {
    label: ending.label,
    shader: sum + ending.shader,
    constants: {},
    uniform: [m, n, parts, 0, Number(ending.relu ?? false)].map(word),
    bindings: [to, input(1), ...ending.bindings],
    workgroups: groupsFor(Math.ceil((m * n) / 256), target),
  }
  return [made(sizes, form, division, { label, shader: store, bindings: [to] }), summed]
}

/** The product of operands 0 and 1 by tiles in workgroup memory, divided as is expected to take least. */
export const lowerTiled = (
  sizes: Sizes,
  form: Form,
  ending: Ending,
  target: Target,
): ReadonlyArray<Dispatch> =>
  productBy(divisionOf({ ...sizes, groups: 1 }, target, mostParts), sizes, form, ending, target)
