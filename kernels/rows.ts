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
import { elementsFor } from './elements.ts'
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

/** One dispatch over the rows of x; the shader's override `lanes` says how many lanes share a row. */
export const overRows = (
  x: Aval,
  { label, shader, bindings, params = [] }: ByRow,
  target: Target,
): Dispatch => {
  const elements = elementsFor(widthOf(x))
  const [rows, columns] = [rowsOf(x), widthOf(x) / elements.size]
  const lanes = lanesOf(columns, target)
  return {
    label,
    shader: elements.shader(shader),
    constants: { lanes },
    uniform: [word(rows), word(columns), ...params],
    bindings,
    workgroups: groupsFor(Math.ceil((rows * lanes) / 64), target),
  }
}
