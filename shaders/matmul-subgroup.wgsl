// C = op(A) op(B) on llvmpipe: one subgroup of 8 lanes makes a tile of 32 rows x 32 columns, eight k a turn.
// Operands are row-major in rgba32float textures, texel i at (i % 1024, i / 1024); A_T and B_T say that A is stored
// [K, M] and B [N, K]. A lane loads 4 texels of each operand for four k; rows of A reach all lanes by a shuffle, which
// llvmpipe turns into one permutation as long as the lane is known at run time only: hence `zero`, which is 0.
// A lane's texels are those of rows 4 l .. 4 l + 3 and columns 4 l .. 4 l + 3 of the tile; it sums all rows of its columns.
// `lane` and `rank4` come from rank-four.wgsl, `starts` and `put` from store-four.wgsl, which follow.
enable subgroups;

override A_T: bool = false;
override B_T: bool = false;

struct Params {
  m: u32,
  n: u32, // a multiple of 4 unless B_T, since B has whole texels
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

fn load_a(i: u32) -> vec4f {
  return textureLoad(a_texels, vec2u(i & 1023u, i >> 10u));
}

fn load_b(i: u32) -> vec4f {
  return textureLoad(b_texels, vec2u(i & 1023u, i >> 10u));
}

// [q] = four k of the lane's row q.
fn tile_a(i: u32) -> mat4x4f {
  let s = params.a_row;
  let t = mat4x4f(load_a(i), load_a(i + s), load_a(i + 2u * s), load_a(i + 3u * s));
  if (A_T) {
    return transpose(t);
  }
  return t;
}

// [q] = the lane's four columns of k + q.
fn tile_b(i: u32) -> mat4x4f {
  let s = params.b_row;
  let t = mat4x4f(load_b(i), load_b(i + s), load_b(i + 2u * s), load_b(i + 3u * s));
  if (B_T) {
    return transpose(t);
  }
  return t;
}

@compute @workgroup_size(8)
fn main(@builtin(local_invocation_index) l: u32, @builtin(workgroup_id) w: vec3u) {
  lane = l;
  let row = 32u * (w.z * params.strip + w.x);
  let column = 32u * w.y + 4u * l;
  var c: array<vec4f, 32>;
  var i_a = select((row + 4u * l) * params.a_row, row / 4u + l, A_T);
  var i_b = select(column / 4u, column * params.b_row, B_T);
  let k_a = select(1u, 4u * params.a_row, A_T);
  let k_b = select(4u * params.b_row, 1u, B_T);
  for (var k = 0u; k < params.turns; k++) {
    rank4(&c, tile_a(i_a), tile_b(i_b));
    rank4(&c, tile_a(i_a + k_a), tile_b(i_b + k_b));
    i_a += 2u * k_a;
    i_b += 2u * k_b;
  }
  let v = starts(column);
  // Another array is indexed at run time, lest the accumulators leave their registers; `zero` in the index keeps the
  // loop from being unrolled, which would take many seconds to compile.
  var result = array<vec4f, 32>(
    c[0] + v, c[1] + v, c[2] + v, c[3] + v,
    c[4] + v, c[5] + v, c[6] + v, c[7] + v,
    c[8] + v, c[9] + v, c[10] + v, c[11] + v,
    c[12] + v, c[13] + v, c[14] + v, c[15] + v,
    c[16] + v, c[17] + v, c[18] + v, c[19] + v,
    c[20] + v, c[21] + v, c[22] + v, c[23] + v,
    c[24] + v, c[25] + v, c[26] + v, c[27] + v,
    c[28] + v, c[29] + v, c[30] + v, c[31] + v,
  );
  let rows = min(32u, max(row, params.m) - row);
  for (var r = 0u; r < rows; r++) {
    put(row + r, column, params.n, result[params.zero + r]);
  }
}
