// Lowering of a matrix product: operands into textures by copy or packing, then one of three kernel families.
import {
  type Dispatch,
  type Family,
  groupsFor,
  input,
  type Ref,
  type Target,
  type Work,
  word,
} from '../src/core/dispatch.ts'
import packSource from '../shaders/pack-operand.wgsl' with { type: 'text' }
import rankFour from '../shaders/rank-four.wgsl' with { type: 'text' }
import storeFour from '../shaders/store-four.wgsl' with { type: 'text' }
import subgroupSource from '../shaders/matmul-subgroup.wgsl' with { type: 'text' }
import textureSource from '../shaders/matmul-texture.wgsl' with { type: 'text' }
import { type Form, type Sizes, transposesA, transposesB } from './matmul-form.ts'
import { lowerTiled } from './matmul-tiled.ts'
import { copyInto, fitsTexture, textureOf } from './texels.ts'

/** What becomes of the product: the last lines of the shader, and what they bind from 3 on. */
export interface Ending {
  readonly label: string
  readonly shader: string
  readonly bindings: ReadonlyArray<Ref>
  readonly relu?: boolean
}

/** A strip of row tiles should stay in a core's cache while columns pass by. */
const stripBytes = 2 ** 19

const tileRows = { subgroup: 32, texture: 16 } as const
const tileColumns = 32

/** An operand as the kernels see it: a matrix that is stored row-major, `k` along its rows or (`across`) down them. */
interface Operand {
  readonly id: number
  readonly rows: number
  readonly k: number
  readonly across: boolean
}

interface Texels {
  readonly work: Work
  readonly across: boolean
  readonly width: number
  readonly texels: number
  readonly ref: Ref
}

const roundUp = (n: number, step: number): number => step * Math.ceil(n / step)

const copied = ({ id, rows, k, across }: Operand): Texels => {
  const texels = (rows * k) / 4
  const ref = textureOf(id, texels)
  const work = copyInto('matmul operand', input(id), ref, texels)
  return { work, across, width: (across ? rows : k) / 4, texels, ref }
}

const packed = ({ id, rows, k, across }: Operand, target: Target): Texels => {
  const width = roundUp(k, 8) / 4
  const texels = rows * width
  const ref = textureOf(id, texels)
  const work: Dispatch = {
    label: 'pack operand',
    shader: packSource,
    constants: {},
    uniform: [rows, k, width, texels, across ? 1 : k, across ? rows : 1].map(word),
    bindings: [input(id), ref],
    workgroups: groupsFor(Math.ceil(texels / 64), target),
  }
  return { work, across: false, width, texels, ref }
}

/** Rows of whole texels are copied as they are; others are packed with zeros, `k` along the rows. */
const texelsOf = (operand: Operand, target: Target): Texels =>
  operand.k % 8 === 0 && (!operand.across || operand.rows % 4 === 0)
    ? copied(operand)
    : packed(operand, target)

/** Row tiles of a strip: as many as stay in cache, at least half of that, such that the last strip is nearly full. */
const stripOf = (tiles: number, panelBytes: number): number => {
  const most = Math.max(1, Math.min(tiles, Math.floor(stripBytes / panelBytes)))
  const waste = (strip: number) => roundUp(tiles, strip) - tiles
  const strips = Array.from({ length: Math.ceil(most / 2) }, (_, i) => most - i)
  return strips.reduce((best, strip) => (waste(strip) < waste(best) ? strip : best), most)
}

const sources = { subgroup: [subgroupSource, rankFour], texture: [textureSource] }

const overTextures = (
  family: Exclude<Family, 'tiled'>,
  { m, n, k }: Sizes,
  [a, b]: readonly [Texels, Texels],
  ending: Ending,
): Dispatch => {
  const tiles = Math.ceil(m / tileRows[family])
  const strip = stripOf(tiles, 4 * tileRows[family] * roundUp(k, 8))
  const sizes = [m, n, Math.ceil(k / 8), a.width, b.width, strip, 0, Number(ending.relu ?? false)]
  return {
    label: ending.label,
    shader: [...sources[family], storeFour, ending.shader].join('\n'),
    constants: { A_T: Number(a.across), B_T: Number(!b.across), C_WHOLE: Number(n % 4 === 0) },
    uniform: sizes.map(word),
    bindings: [a.ref, b.ref, ...ending.bindings],
    workgroups: [strip, Math.ceil(n / tileColumns), Math.ceil(tiles / strip)],
  }
}

/** The product of operands 0 and 1, ended by `ending`; textures too high for the adapter leave the tiled family. */
export const lowerProduct = (
  sizes: Sizes,
  form: Form,
  ending: Ending,
  target: Target,
): ReadonlyArray<Work> => {
  const { m, n, k } = sizes
  if (target.family === 'tiled') return lowerTiled(sizes, form, ending, target)
  const a = texelsOf({ id: 0, rows: m, k, across: transposesA(form) }, target)
  const b = texelsOf({ id: 1, rows: n, k, across: !transposesB(form) }, target)
  return fitsTexture(Math.max(a.texels, b.texels), target)
    ? [a.work, b.work, overTextures(target.family, sizes, [a, b], ending)]
    : lowerTiled(sizes, form, ending, target)
}
