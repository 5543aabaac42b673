// C = op(A) op(B) on software Vulkan without subgroups: a lane makes 8 rows x 8 columns, four k a turn; the 8 lanes of
// a workgroup lie 2 x 4, so its tile is 16 x 32. Operands and A_T, B_T are as in matmul-subgroup.wgsl.
// `starts` and `put` come from store-four.wgsl, which follows.
override A_T: bool = false;
override B_T: bool = false;

struct Params {
  m: u32,
  n: u32,
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

// [q] = k .. k + 3 of row `row` + q.
fn four_rows(row: u32, k: u32) -> mat4x4f {
  let s = params.a_row;
  if (A_T) {
    let i = k * s + row / 4u;
    return transpose(mat4x4f(load_a(i), load_a(i + s), load_a(i + 2u * s), load_a(i + 3u * s)));
  }
  let i = row * s + k / 4u;
  return mat4x4f(load_a(i), load_a(i + s), load_a(i + 2u * s), load_a(i + 3u * s));
}

// [q] = columns `column` .. `column` + 3 of k + q.
fn four_columns(column: u32, k: u32) -> mat4x4f {
  let s = params.b_row;
  if (B_T) {
    let i = column * s + k / 4u;
    return transpose(mat4x4f(load_b(i), load_b(i + s), load_b(i + 2u * s), load_b(i + 3u * s)));
  }
  let i = k * s + column / 4u;
  return mat4x4f(load_b(i), load_b(i + s), load_b(i + 2u * s), load_b(i + 3u * s));
}

fn step(c: vec4f, a: vec4f, b: mat4x4f) -> vec4f {
  return c + a.x * b[0] + a.y * b[1] + a.z * b[2] + a.w * b[3];
}

// c[2 q + h] += four k of row q of `a` times the columns of half h.
fn rank4(c: ptr<function, array<vec4f, 8>>, a: mat4x4f, low: mat4x4f, high: mat4x4f) {
  (*c)[0] = step((*c)[0], a[0], low);
  (*c)[1] = step((*c)[1], a[0], high);
  (*c)[2] = step((*c)[2], a[1], low);
  (*c)[3] = step((*c)[3], a[1], high);
  (*c)[4] = step((*c)[4], a[2], low);
  (*c)[5] = step((*c)[5], a[2], high);
  (*c)[6] = step((*c)[6], a[3], low);
  (*c)[7] = step((*c)[7], a[3], high);
}

// Another array is indexed at run time, lest the accumulators leave their registers; `zero` in the index keeps the
// loop from being unrolled, which would take seconds to compile.
fn put8(row: u32, column: u32, c: array<vec4f, 8>) {
  let low = starts(column);
  let high = starts(column + 4u);
  var result = array<vec4f, 8>(
    c[0] + low, c[1] + high, c[2] + low, c[3] + high, c[4] + low, c[5] + high, c[6] + low, c[7] + high,
  );
  let rows = min(4u, max(row, params.m) - row);
  for (var j = 0u; j < 2u * rows; j++) {
    put(row + j / 2u, column + 4u * (j % 2u), params.n, result[params.zero + j]);
  }
}

@compute @workgroup_size(8)
fn main(@builtin(local_invocation_index) l: u32, @builtin(workgroup_id) w: vec3u) {
  let row = 16u * (w.z * params.strip + w.x) + 8u * (l / 4u);
  let column = 32u * w.y + 8u * (l % 4u);
  var top: array<vec4f, 8>;
  var bottom: array<vec4f, 8>;
  for (var k = 0u; k < 8u * params.turns; k += 4u) {
    let b_low = four_columns(column, k);
    let b_high = four_columns(column + 4u, k);
    rank4(&top, four_rows(row, k), b_low, b_high);
    rank4(&bottom, four_rows(row + 4u, k), b_low, b_high);
  }
  put8(row, column, top);
  put8(row + 4u, column, bottom);
}
