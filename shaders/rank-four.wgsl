// Lines shared by products and convolutions of the subgroup family: C += A B for a tile of 32 rows x 32 columns and four k.
// A lane holds rows 4 l .. 4 l + 3 of A and columns 4 l .. 4 l + 3 of B, and sums all rows of its columns. Rows reach
// all lanes by a shuffle, one permutation on llvmpipe as long as the lane is known at run time only: hence `zero`, 0.
var<private> lane: u32;

fn step(c: vec4f, a: vec4f, source: u32, b: mat4x4f) -> vec4f {
  return c + subgroupShuffle(a.x, source) * b[0] + subgroupShuffle(a.y, source) * b[1]
    + subgroupShuffle(a.z, source) * b[2] + subgroupShuffle(a.w, source) * b[3];
}

// a[q] = four k of the lane's row q, b[q] = its four columns of k + q.
fn rank4(c: ptr<function, array<vec4f, 32>>, a: mat4x4f, b: mat4x4f) {
  let z = lane & params.zero;
  (*c)[0] = step((*c)[0], a[0], z, b);
  (*c)[1] = step((*c)[1], a[1], z, b);
  (*c)[2] = step((*c)[2], a[2], z, b);
  (*c)[3] = step((*c)[3], a[3], z, b);
  (*c)[4] = step((*c)[4], a[0], z + 1u, b);
  (*c)[5] = step((*c)[5], a[1], z + 1u, b);
  (*c)[6] = step((*c)[6], a[2], z + 1u, b);
  (*c)[7] = step((*c)[7], a[3], z + 1u, b);
  (*c)[8] = step((*c)[8], a[0], z + 2u, b);
  (*c)[9] = step((*c)[9], a[1], z + 2u, b);
  (*c)[10] = step((*c)[10], a[2], z + 2u, b);
  (*c)[11] = step((*c)[11], a[3], z + 2u, b);
  (*c)[12] = step((*c)[12], a[0], z + 3u, b);
  (*c)[13] = step((*c)[13], a[1], z + 3u, b);
  (*c)[14] = step((*c)[14], a[2], z + 3u, b);
  (*c)[15] = step((*c)[15], a[3], z + 3u, b);
  (*c)[16] = step((*c)[16], a[0], z + 4u, b);
  (*c)[17] = step((*c)[17], a[1], z + 4u, b);
  (*c)[18] = step((*c)[18], a[2], z + 4u, b);
  (*c)[19] = step((*c)[19], a[3], z + 4u, b);
  (*c)[20] = step((*c)[20], a[0], z + 5u, b);
  (*c)[21] = step((*c)[21], a[1], z + 5u, b);
  (*c)[22] = step((*c)[22], a[2], z + 5u, b);
  (*c)[23] = step((*c)[23], a[3], z + 5u, b);
  (*c)[24] = step((*c)[24], a[0], z + 6u, b);
  (*c)[25] = step((*c)[25], a[1], z + 6u, b);
  (*c)[26] = step((*c)[26], a[2], z + 6u, b);
  (*c)[27] = step((*c)[27], a[3], z + 6u, b);
  (*c)[28] = step((*c)[28], a[0], z + 7u, b);
  (*c)[29] = step((*c)[29], a[1], z + 7u, b);
  (*c)[30] = step((*c)[30], a[2], z + 7u, b);
  (*c)[31] = step((*c)[31], a[3], z + 7u, b);
}
