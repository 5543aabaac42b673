// f16 products without matrix units: loops in their place, so that all else of them runs wherever an adapter is.
import * as O from 'fp-ts/Option'
import matrix from '../../shaders/product-halves-matrix.wgsl' with { type: 'text' }
import { isDispatch, type Work } from '../../src/core/dispatch.ts'
import type { Primitive } from '../../src/core/op.ts'
import type { Engine } from '../../src/device/engine.ts'
import * as assert from 'uvu/assert'

const loops = `
enable f16;
alias Sum = array<f32, 8>;
alias Sums = array<Sum, 8>;
var<private> lane: u32;

fn a_at(half: u32, row: u32, k: u32) -> f32 {
  let i = select(k * A_PITCH + row / 4u, row * A_PITCH + k / 4u, A_ALONG);
  return f32(a_tile[half * A_HALF + i][select(row % 4u, k % 4u, A_ALONG)]);
}

fn b_at(half: u32, column: u32, k: u32) -> f32 {
  let i = select(k * B_PITCH + column / 4u, column * B_PITCH + k / 4u, B_ALONG);
  return f32(b_tile[half * B_HALF + i][select(column % 4u, k % 4u, B_ALONG)]);
}

fn multiply(sums: ptr<function, Sums>, half: u32, row: u32, column: u32) {
  for (var s = 0u; s < 64u; s++) {
    let r = row + 16u * (s / 32u) + lane / 2u;
    let c = column + 16u * (s / 8u % 4u) + 8u * (lane % 2u) + s % 8u;
    for (var k = 0u; k < 16u; k++) {
      (*sums)[s / 8u][s % 8u] += a_at(half, r, k) * b_at(half, c, k);
    }
  }
}

fn unload(first: u32, a: Sum, b: Sum) {
  var both = array<Sum, 2>(a, b);
  for (var e = 0u; e < 8u; e++) {
    let c = 8u * (lane % 2u) + e;
    slots[first + 8u * (lane / 2u) + c / 4u][c % 4u] = both[0][e];
    slots[first + 8u * (lane / 2u) + c / 4u + 4u][c % 4u] = both[1][e];
  }
}
`

const replaced = (work: Work): Work =>
  isDispatch(work)
    ? {
        ...work,
        shader: work.shader
          .replace(matrix, loops)
          .replace('var sums: Sums;', 'var sums: Sums; lane = t % 32u;'),
      }
    : work

/** Work with loops in place of matrix units, which it must use. */
export const inLoops = (works: ReadonlyArray<Work>): ReadonlyArray<Work> => {
  const halves = works.filter(isDispatch).filter(({ shader }) => shader.includes(matrix))
  assert.ok(halves.length > 0, 'no matrix units are used')
  return works.map(replaced)
}

const emulated = (primitive: Primitive): Primitive => ({
  ...primitive,
  lower: target => primitive.lower({ ...target, family: 'tiled', precision: 'f16' }).map(replaced),
  fuse: (consumer, at) => O.map(emulated)(primitive.fuse(consumer, at)),
})

/** The engine as one of f16 products, with loops in place of the matrix units that its adapter does not have. */
export const halvesEngine = (engine: Engine): Engine => ({
  ...engine,
  target: { ...engine.target, family: 'tiled', precision: 'f16' },
  load: program =>
    engine.load({
      ...program,
      instructions: program.instructions.map(one => ({
        ...one,
        primitive: emulated(one.primitive),
      })),
    }),
})
