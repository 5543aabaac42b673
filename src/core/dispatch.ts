// What an op lowers to: shader runs as plain data over symbolic operands, and the device family they are for.

/** An operand of a dispatch, by its role in the op; the planner gives it a place. Scratch is private to one call. */
export type Ref =
  | { readonly _tag: 'In'; readonly index: number }
  | { readonly _tag: 'Out'; readonly port: number }
  | { readonly _tag: 'Scratch'; readonly id: number; readonly bytes: number }
  | {
      readonly _tag: 'Texture'
      readonly id: number
      readonly width: number
      readonly height: number
    }

/** A word of the uniform block at binding 0. */
export type Word = { readonly u32: number } | { readonly f32: number }

/**
 * One run of one shader (entry point `main`). Where `uniform` is not empty it is bound at binding 0 and `bindings`
 * follow from 1; else they start at 0. Storage buffers are declared `read_write` in WGSL, inputs too, since all of
 * them are ranges of one arena; textures are `rgba32float` storage textures. `constants` are WGSL overrides: each
 * distinct set is one more pipeline, so shapes belong in `uniform`.
 */
export interface Dispatch {
  readonly label: string
  readonly shader: string
  readonly constants: Readonly<Record<string, number>>
  readonly uniform: ReadonlyArray<Word>
  readonly bindings: ReadonlyArray<Ref>
  readonly workgroups: readonly [number, number, number]
}

/**
 * A copy of `texels` texels (16 bytes each) of a storage, from texel `first` on (0 where left out), into a scratch
 * texture, texel first + i to (i % width, i / width). `width` is a multiple of 16, so that rows are multiples of 256
 * bytes; the texture may be wider.
 */
export interface Copy {
  readonly label: string
  readonly from: Ref
  readonly to: Ref
  readonly first?: number
  readonly texels: number
  readonly width: number
}

/** A piece of work that an op lowers to. */
export type Work = Dispatch | Copy

/** Tells a dispatch from a copy. */
export const isDispatch = (work: Work): work is Dispatch => 'shader' in work

/** The operands that a piece of work names. */
export const refsOf = (work: Work): ReadonlyArray<Ref> =>
  isDispatch(work) ? work.bindings : [work.from, work.to]

/**
 * Matmul kernel family: `tiled` (workgroup memory, real GPUs), `subgroup` (textures and 8-lane broadcasts, llvmpipe),
 * `texture` (8x8 register tiles over textures, software Vulkan without subgroups).
 */
export type Family = 'tiled' | 'subgroup' | 'texture'

/** How operands of products are rounded on their way to the multipliers; arrays and sums are f32 always. */
export type Precision = 'f32' | 'f16'

/**
 * What was measured of an adapter in place of estimates: the family that is fastest (null where that is no question), and
 * the part of its multiply-adds that each tile of products reaches, by the tile's name.
 */
export interface DeviceTuning {
  readonly vendor: string
  readonly adapter: string
  readonly driver: string
  readonly family: Family | null
  readonly reaches: Readonly<Record<string, number>>
}

/** What `lower` may rely on. */
export interface Target {
  readonly family: Family
  /** `f16` where the device has matrix units for it and is to use them; `f32` where left out. */
  readonly precision?: Precision
  /** Measured reaches of tiles by name, see `DeviceTuning`; tiles that are not among them keep their estimates. */
  readonly reaches?: DeviceTuning['reaches']
  readonly limits: {
    readonly maxWorkgroups: number
    readonly maxBindingBytes: number
    readonly maxBufferBytes: number
    readonly maxTextureSize: number
    readonly workgroupBytes: number
  }
}

/** Operand `index` of the call. */
export const input = (index: number): Ref => ({ _tag: 'In', index })

/** Result `port` of the call. */
export const output = (port = 0): Ref => ({ _tag: 'Out', port })

/** A scratch buffer of this call, told apart from its others by `id`. */
export const scratch = (id: number, bytes: number): Ref => ({ _tag: 'Scratch', id, bytes })

/** A scratch `rgba32float` texture of this call, `width` x `height` texels. */
export const texture = (id: number, width: number, height: number): Ref => ({
  _tag: 'Texture',
  id,
  width,
  height,
})

/** An unsigned word of a uniform block. */
export const word = (u32: number): Word => ({ u32 })

/** A float word of a uniform block. */
export const real = (f32: number): Word => ({ f32 })

/**
 * Workgroup counts for `groups` workgroups in a row, folded into y where the device's limit per dimension is passed;
 * the shader's linear workgroup index is `w.y * n.x + w.x` (n = num_workgroups) and it must check its bounds.
 */
export const groupsFor = (groups: number, target: Target): readonly [number, number, number] => {
  const x = Math.min(groups, target.limits.maxWorkgroups)
  return [x, Math.ceil(groups / x), 1]
}
