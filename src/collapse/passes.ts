// The passes over the rows that a measurement asks for, and their sums: each merges by addition.
import { addBlock, addPadded, type ClassStats, concatStats, zeroStats } from './class-stats.ts'
import type { Block } from './features.ts'
import type { Frame } from './frame.ts'
import { groupRows } from './group-rows.ts'
import { concatResiduals, type Residuals, residualAdder, zeroResiduals } from './residuals.ts'
import { addOuter, applyRow, applyRows4, centreRow } from './row-kernels.ts'

/** How many classes and columns the rows have. */
export interface Size {
  readonly classes: number
  readonly d: number
}

/** One reading of all rows. `centres` [K, d] are subtracted first where given. */
export type Pass =
  | { readonly _tag: 'Sums' }
  | { readonly _tag: 'Finite' }
  | { readonly _tag: 'Residuals'; readonly frame: Frame }
  | {
      readonly _tag: 'Products'
      readonly vectors: Float64Array
      readonly active: Uint8Array
      readonly centres: Float64Array | null
    }
  | { readonly _tag: 'Grams'; readonly centres: Float64Array | null }

/** What a pass over some of the rows gives. `row` is the first with NaN or Inf, or Infinity. */
export type PassSum =
  | { readonly _tag: 'Sums'; readonly stats: ClassStats }
  | { readonly _tag: 'Finite'; readonly row: number }
  | { readonly _tag: 'Residuals'; readonly residuals: Residuals }
  | { readonly _tag: 'Products'; readonly products: Float64Array }
  | { readonly _tag: 'Grams'; readonly grams: Float64Array }

/** Takes blocks of rows one after the other; `sum` may be asked at the end. */
export interface Folding {
  readonly add: (block: Block) => void
  readonly sum: () => PassSum
}

const firstNotFinite = ({ data, ids, first }: Block, d: number): number => {
  const at = data.findIndex(x => !Number.isFinite(x))
  return at < 0 || at >= ids.length * d ? Number.POSITIVE_INFINITY : first + Math.floor(at / d)
}

const sumsFolding = ({ classes, d }: Size): Folding => {
  const stats = zeroStats(classes, d)
  return { add: block => addBlock(stats, block), sum: () => ({ _tag: 'Sums', stats }) }
}

const finiteFolding = ({ d }: Size): Folding => {
  let row = Number.POSITIVE_INFINITY
  return {
    add: block => {
      row = Math.min(row, firstNotFinite(block, d))
    },
    sum: () => ({ _tag: 'Finite', row }),
  }
}

const residualsFolding = (frame: Frame): Folding => {
  const residuals = zeroResiduals(frame.classes, frame.rank)
  return {
    add: residualAdder(frame, residuals),
    sum: () => ({ _tag: 'Residuals', residuals }),
  }
}

const productsFolding = (
  { classes, d }: Size,
  { vectors, active, centres }: Extract<Pass, { readonly _tag: 'Products' }>,
): Folding => {
  const products = new Float64Array(classes * d)
  const z = new Float64Array(d)
  const addClass = ({ data }: Block, k: number, order: Int32Array, from: number, to: number) => {
    let i = from
    for (; centres === null && i + 3 < to; i += 4) {
      applyRows4(data, order, i, d, vectors, k * d, products)
    }
    for (; i < to; i++) {
      const row = (order[i] ?? 0) * d
      if (centres === null) applyRow(data, row, d, vectors, k * d, products)
      else {
        centreRow(data, row, d, centres, k * d, z, 0)
        applyRow(z, 0, d, vectors, k * d, products)
      }
    }
  }
  return {
    add: block => {
      const { order, starts } = groupRows(block.ids, classes)
      for (let k = 0; k < classes; k++) {
        if (active[k] === 1) addClass(block, k, order, starts[k] ?? 0, starts[k + 1] ?? 0)
      }
    },
    sum: () => ({ _tag: 'Products', products }),
  }
}

const gramsFolding = ({ classes, d }: Size, centres: Float64Array | null): Folding => {
  const grams = new Float64Array(classes * d * d)
  const zero = new Float64Array(d)
  const z = new Float64Array(d)
  return {
    add: ({ data, ids }) => {
      for (let i = 0; i < ids.length; i++) {
        const k = ids[i] ?? 0
        centreRow(data, i * d, d, centres ?? zero, centres === null ? 0 : k * d, z, 0)
        addOuter(z, 0, d, grams, k * d * d)
      }
    },
    sum: () => ({ _tag: 'Grams', grams }),
  }
}

/** A fresh folding of a pass over rows of the given size. */
export const foldingOf = (pass: Pass, size: Size): Folding => {
  switch (pass._tag) {
    case 'Sums':
      return sumsFolding(size)
    case 'Finite':
      return finiteFolding(size)
    case 'Residuals':
      return residualsFolding(pass.frame)
    case 'Products':
      return productsFolding(size, pass)
    case 'Grams':
      return gramsFolding(size, pass.centres)
  }
}

/** The sum over two shards of what one pass gave for each; `a` where they are of two passes. */
export const mergeSums = (a: PassSum, b: PassSum): PassSum => {
  if (a._tag === 'Sums' && b._tag === 'Sums') {
    return { _tag: 'Sums', stats: concatStats(a.stats, b.stats) }
  }
  if (a._tag === 'Finite' && b._tag === 'Finite') {
    return { _tag: 'Finite', row: Math.min(a.row, b.row) }
  }
  if (a._tag === 'Residuals' && b._tag === 'Residuals') {
    return { _tag: 'Residuals', residuals: concatResiduals(a.residuals, b.residuals) }
  }
  if (a._tag === 'Products' && b._tag === 'Products') {
    return { _tag: 'Products', products: addPadded(a.products, b.products) }
  }
  if (a._tag === 'Grams' && b._tag === 'Grams') {
    return { _tag: 'Grams', grams: addPadded(a.grams, b.grams) }
  }
  return a
}
