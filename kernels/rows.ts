// Work on arrays [.., C] row by row, each row by as many neighbouring lanes as the device likes.
import type { Aval } from '../src/core/aval.ts'
import {
  type Dispatch,
  groupsFor,
  type Ref,
  type Target,
  type Word,
  word,
} from '../src/core/dispatch.ts'
import total from '../shaders/row-total.wgsl' with { type: 'text' }
import totals from '../shaders/row-totals.wgsl' with { type: 'text' }
import { elementsFor } from './elements.ts'
import { lanesFor } from './lanes.ts'
import { rowsOf, widthOf } from './shapes.ts'

/** What such a dispatch is made of; `params` follow rows and columns (elements) in the uniform block. */
export interface ByRow {
  readonly label: string
  readonly shader: string
  readonly bindings: ReadonlyArray<Ref>
  readonly params?: ReadonlyArray<Word>
}

/** Barriers cost software Vulkan much and strided loads nothing: there a lane takes a whole row. */
const lanesOf = (columns: number, target: Target): number =>
  target.family === 'tiled' ? 2 ** Math.floor(Math.log2(Math.min(64, Math.max(1, columns / 4)))) : 1

const columnsOf = (x: Aval): number => widthOf(x) / elementsFor(widthOf(x)).size

const overLanes = (
  x: Aval,
  { label, shader, bindings, params = [] }: ByRow,
  constants: { readonly lanes: number; readonly LANES?: number; readonly ROWS?: number },
  target: Target,
): Dispatch => {
  const { lanes, LANES = 64, ROWS = 1 } = constants
  return {
    label,
    shader: elementsFor(widthOf(x)).shader(shader),
    constants: { ...constants },
    uniform: [word(rowsOf(x)), word(columnsOf(x)), ...params],
    bindings,
    workgroups: groupsFor(Math.ceil((rowsOf(x) * lanes) / LANES / ROWS), target),
  }
}

/** One dispatch over the rows of x, for a shader that row-total.wgsl completes. */
export const overRows = (x: Aval, what: ByRow, target: Target): Dispatch =>
  overLanes(
    x,
    { ...what, shader: what.shader + total },
    { lanes: lanesOf(columnsOf(x), target) },
    target,
  )

/**
 * The same for a shader that row-totals.wgsl completes: software Vulkan takes four rows at a time, and so loads what
 * belongs to a column once for all four.
 */
export const overRowsTogether = (x: Aval, what: ByRow, target: Target): Dispatch =>
  overLanes(
    x,
    { ...what, shader: what.shader + totals },
    {
      lanes: lanesOf(columnsOf(x), target),
      LANES: lanesFor(target),
      ROWS: target.family === 'tiled' ? 1 : 4,
    },
    target,
  )
