// One shader text for rows of whole vec4s and for all others: what a lane holds is the alias `E` in WGSL.

/**
 * Numbers in one element, and the shader text for them. A text opens with those of these lines that it needs:
 * `alias E = vec4f;`, `alias U = vec4u;` and `const size = 4u;`.
 */
export interface Elements {
  readonly size: 4 | 1
  readonly shader: (source: string) => string
}

const vectors: Elements = { size: 4, shader: source => source }

const scalars: Elements = {
  size: 1,
  shader: source =>
    source
      .replace('alias E = vec4f;', 'alias E = f32;')
      .replace('alias U = vec4u;', 'alias U = u32;')
      .replace('const size = 4u;', 'const size = 1u;'),
}

/** vec4s where all these widths are whole ones, else single numbers. */
export const elementsFor = (...widths: ReadonlyArray<number>): Elements =>
  widths.every(width => width % 4 === 0) ? vectors : scalars
