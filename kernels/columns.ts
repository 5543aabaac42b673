// Work on arrays [rows, columns] by lanes that keep to one column: chunks of rows, and a workgroup to a column.
import type { Aval } from '../src/core/aval.ts'
import {
  type Dispatch,
  groupsFor,
  type Ref,
  type Target,
  type Word,
  word,
} from '../src/core/dispatch.ts'
import divide from '../shaders/divide.wgsl' with { type: 'text' }
import walk from '../shaders/over-chunks.wgsl' with { type: 'text' }
import { type Elements, elementsFor } from './elements.ts'
import { rowsOf, widthOf } from './shapes.ts'

/** Rows in chunks; `columns` counts elements, and each lane takes one of them through the `chunk` rows of a chunk. */
export interface Chunking {
  readonly rows: number
  readonly columns: number
  readonly chunk: number
  readonly chunks: number
  readonly elements: Elements
}

interface Share {
  readonly lanes: number
  readonly least: number
  readonly most: number
}

const shareOf = (kind: 'map' | 'sum', target: Target): Share =>
  target.family === 'tiled'
    ? { lanes: 2 ** 17, least: kind === 'map' ? 1 : 16, most: kind === 'map' ? 8 : 2 ** 31 }
    : { lanes: 2 ** 11, least: kind === 'map' ? 1 : 32, most: kind === 'map' ? 16 : 2 ** 31 }

/**
 * Chunks for a pass over x [.., C] that maps (short chunks, which only save loads of what belongs to a column) or sums
 * (few long chunks). Real GPUs get the more lanes. `elements` where other widths than x's must fit too.
 */
export const chunked = (
  kind: 'map' | 'sum',
  x: Aval,
  target: Target,
  elements = elementsFor(widthOf(x)),
): Chunking => {
  const rows = rowsOf(x)
  const columns = widthOf(x) / elements.size
  const { lanes, least, most } = shareOf(kind, target)
  const chunk = Math.min(most, Math.max(least, Math.ceil((rows * columns) / lanes)))
  return { rows, columns, chunk, chunks: Math.ceil(rows / chunk), elements }
}

/** What one of these dispatches is made of; `params` follow rows, columns, chunk and chunks in the uniform block. */
export interface ByColumn {
  readonly label: string
  readonly shader: string
  readonly bindings: ReadonlyArray<Ref>
  readonly params?: ReadonlyArray<Word>
}

const dispatchOf = (
  { rows, columns, chunk, chunks, elements }: Chunking,
  { label, shader, bindings, params = [] }: ByColumn,
  workgroups: Dispatch['workgroups'],
): Dispatch => ({
  label,
  shader: elements.shader(shader),
  constants: {},
  uniform: [...[rows, columns, chunk, chunks].map(word), ...params],
  bindings,
  workgroups,
})

/** A lane to a column of a chunk, in workgroups of 64, which does the shader's `along`. */
export const overChunks = (chunking: Chunking, what: ByColumn, target: Target): Dispatch =>
  dispatchOf(
    chunking,
    { ...what, shader: [what.shader, walk, divide].join('\n') },
    groupsFor(Math.ceil((chunking.chunks * chunking.columns) / 64), target),
  )

/** A workgroup of 64 lanes to a column: puts the chunks' parts together. */
export const overColumns = (chunking: Chunking, what: ByColumn, target: Target): Dispatch =>
  dispatchOf(chunking, what, groupsFor(chunking.columns, target))
