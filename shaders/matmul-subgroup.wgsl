// C = op(A) op(B) on llvmpipe: one subgroup of 8 lanes makes a tile of 32 rows x 32 columns, eight k a turn.
// Operands are row-major in rgba32float textures, texel i at (i % 1024, i / 1024); A_T and B_T say that A is stored
// [K, M] and B [N, K]. A lane loads 4 texels of each operand for four k; rows of A reach all lanes by a shuffle, which
// llvmpipe turns into one permutation as long as the lane is known at run time only: hence `zero`, which is 0.
// Accumulator r, element e of lane l is row r, or 4 (r % 8) + r / 8 if A_T; column 4 l + e, or 8 e + l if B_T.
// `start` and `finish` come from one of matmul-store*.wgsl.
enable subgroups;

override A_T: bool = false;
override B_T: bool = false;

struct Params {
  m: u32,
  n: u32, // a multiple of 4 unless B_T
  turns: u32, // k / 8; both operands are zero from the true k on
  a_row: u32, // texels of a row
  b_row: u32,
  strip: u32, // row tiles of a strip; w = (row tile in strip, column tile, strip)
  zero: u32,
  relu: u32, // 1 where `finish` of a bias ends in a ReLU
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var a_texels: texture_storage_2d<rgba32float, read>;
@group(0) @binding(2) var b_texels: texture_storage_2d<rgba32float, read>;

var<private> lane: u32;

fn load_a(i: u32) -> vec4f {
  return textureLoad(a_texels, vec2u(i & 1023u, i >> 10u));
}

fn load_b(i: u32) -> vec4f {
  return textureLoad(b_texels, vec2u(i & 1023u, i >> 10u));
}

// [q] = four k of row 8 q + lane, or of row 4 lane + q if A_T.
fn tile_a(i: u32, s: u32) -> mat4x4f {
  let t = mat4x4f(load_a(i), load_a(i + s), load_a(i + 2u * s), load_a(i + 3u * s));
  if (A_T) {
    return transpose(t);
  }
  return t;
}

// [q] = the lane's four columns of k + q.
fn tile_b(i: u32, s: u32) -> mat4x4f {
  let t = mat4x4f(load_b(i), load_b(i + s), load_b(i + 2u * s), load_b(i + 3u * s));
  if (B_T) {
    return transpose(t);
  }
  return t;
}

fn step(c: vec4f, a: vec4f, source: u32, b: mat4x4f) -> vec4f {
  return c + subgroupShuffle(a.x, source) * b[0] + subgroupShuffle(a.y, source) * b[1]
    + subgroupShuffle(a.z, source) * b[2] + subgroupShuffle(a.w, source) * b[3];
}

fn rank4(c: ptr<function, array<vec4f, 32>>, a: mat4x4f, b: mat4x4f) {
  let z = lane & params.zero;
  (*c)[0] = step((*c)[0], a[0], z, b);
  (*c)[1] = step((*c)[1], a[0], z + 1u, b);
  (*c)[2] = step((*c)[2], a[0], z + 2u, b);
  (*c)[3] = step((*c)[3], a[0], z + 3u, b);
  (*c)[4] = step((*c)[4], a[0], z + 4u, b);
  (*c)[5] = step((*c)[5], a[0], z + 5u, b);
  (*c)[6] = step((*c)[6], a[0], z + 6u, b);
  (*c)[7] = step((*c)[7], a[0], z + 7u, b);
  (*c)[8] = step((*c)[8], a[1], z, b);
  (*c)[9] = step((*c)[9], a[1], z + 1u, b);
  (*c)[10] = step((*c)[10], a[1], z + 2u, b);
  (*c)[11] = step((*c)[11], a[1], z + 3u, b);
  (*c)[12] = step((*c)[12], a[1], z + 4u, b);
  (*c)[13] = step((*c)[13], a[1], z + 5u, b);
  (*c)[14] = step((*c)[14], a[1], z + 6u, b);
  (*c)[15] = step((*c)[15], a[1], z + 7u, b);
  (*c)[16] = step((*c)[16], a[2], z, b);
  (*c)[17] = step((*c)[17], a[2], z + 1u, b);
  (*c)[18] = step((*c)[18], a[2], z + 2u, b);
  (*c)[19] = step((*c)[19], a[2], z + 3u, b);
  (*c)[20] = step((*c)[20], a[2], z + 4u, b);
  (*c)[21] = step((*c)[21], a[2], z + 5u, b);
  (*c)[22] = step((*c)[22], a[2], z + 6u, b);
  (*c)[23] = step((*c)[23], a[2], z + 7u, b);
  (*c)[24] = step((*c)[24], a[3], z, b);
  (*c)[25] = step((*c)[25], a[3], z + 1u, b);
  (*c)[26] = step((*c)[26], a[3], z + 2u, b);
  (*c)[27] = step((*c)[27], a[3], z + 3u, b);
  (*c)[28] = step((*c)[28], a[3], z + 4u, b);
  (*c)[29] = step((*c)[29], a[3], z + 5u, b);
  (*c)[30] = step((*c)[30], a[3], z + 6u, b);
  (*c)[31] = step((*c)[31], a[3], z + 7u, b);
}

fn put(w: vec3u, v: vec4f, r: u32) {
  let first = 32u * (w.z * params.strip + w.x);
  let row = first + select(r, 4u * (r % 8u) + r / 8u, A_T);
  if (row >= params.m) {
    return;
  }
  if (B_T) {
    let column = 32u * w.y + lane;
    let i = row * params.n + column;
    if (column < params.n) {
      finish(i, v.x);
    }
    if (column + 8u < params.n) {
      finish(i + 8u, v.y);
    }
    if (column + 16u < params.n) {
      finish(i + 16u, v.z);
    }
    if (column + 24u < params.n) {
      finish(i + 24u, v.w);
    }
  } else {
    let column = 32u * w.y + 4u * lane;
    let i = row * params.n + column;
    if (column < params.n) {
      finish(i, v.x);
      finish(i + 1u, v.y);
      finish(i + 2u, v.z);
      finish(i + 3u, v.w);
    }
  }
}

@compute @workgroup_size(8)
fn main(@builtin(local_invocation_index) l: u32, @builtin(workgroup_id) w: vec3u) {
  lane = l;
  let row = 32u * (w.z * params.strip + w.x);
  let column = 32u * w.y;
  if (row >= params.m) {
    return;
  }
  var c: array<vec4f, 32>;
  let d = select(1u, 8u, B_T);
  let own = column + select(4u * l, l, B_T);
  let begin = vec4f(start(own), start(own + d), start(own + 2u * d), start(own + 3u * d));
  c[0] = begin;
  c[1] = begin;
  c[2] = begin;
  c[3] = begin;
  c[4] = begin;
  c[5] = begin;
  c[6] = begin;
  c[7] = begin;
  c[8] = begin;
  c[9] = begin;
  c[10] = begin;
  c[11] = begin;
  c[12] = begin;
  c[13] = begin;
  c[14] = begin;
  c[15] = begin;
  c[16] = begin;
  c[17] = begin;
  c[18] = begin;
  c[19] = begin;
  c[20] = begin;
  c[21] = begin;
  c[22] = begin;
  c[23] = begin;
  c[24] = begin;
  c[25] = begin;
  c[26] = begin;
  c[27] = begin;
  c[28] = begin;
  c[29] = begin;
  c[30] = begin;
  c[31] = begin;
  var i_a = select((row + l) * params.a_row, row / 4u + l, A_T);
  var i_b = select(column / 4u + l, (column + l) * params.b_row, B_T);
  let s_a = select(8u * params.a_row, params.a_row, A_T);
  let s_b = select(params.b_row, 8u * params.b_row, B_T);
  let k_a = select(1u, 4u * params.a_row, A_T);
  let k_b = select(4u * params.b_row, 1u, B_T);
  for (var k = 0u; k < params.turns; k++) {
    rank4(&c, tile_a(i_a, s_a), tile_b(i_b, s_b));
    rank4(&c, tile_a(i_a + k_a, s_a), tile_b(i_b + k_b, s_b));
    i_a += 2u * k_a;
    i_b += 2u * k_b;
  }
  put(w, c[0], 0u);
  put(w, c[1], 1u);
  put(w, c[2], 2u);
  put(w, c[3], 3u);
  put(w, c[4], 4u);
  put(w, c[5], 5u);
  put(w, c[6], 6u);
  put(w, c[7], 7u);
  put(w, c[8], 8u);
  put(w, c[9], 9u);
  put(w, c[10], 10u);
  put(w, c[11], 11u);
  put(w, c[12], 12u);
  put(w, c[13], 13u);
  put(w, c[14], 14u);
  put(w, c[15], 15u);
  put(w, c[16], 16u);
  put(w, c[17], 17u);
  put(w, c[18], 18u);
  put(w, c[19], 19u);
  put(w, c[20], 20u);
  put(w, c[21], 21u);
  put(w, c[22], 22u);
  put(w, c[23], 23u);
  put(w, c[24], 24u);
  put(w, c[25], 25u);
  put(w, c[26], 26u);
  put(w, c[27], 27u);
  put(w, c[28], 28u);
  put(w, c[29], 29u);
  put(w, c[30], 30u);
  put(w, c[31], 31u);
}
