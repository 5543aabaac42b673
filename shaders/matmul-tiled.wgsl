// C = op(A) op(B) on GPUs: a workgroup of (TILE / 4)^2 lanes makes TILE x TILE elements, 4 x 4 a lane, 16 k a turn
// through workgroup memory. A_T and B_T say that A is stored [K, M] and B [N, K].
// w = (column tile, row tile); lane (x, y) makes rows 4 y + 0 .. 3 and columns 4 x + 0 .. 3 of the tile.
// `start`, `finish` and `finish4` come from one of matmul-store*.wgsl.
override A_T: bool = false;
override B_T: bool = false;
override TILE: u32 = 64;
override SIDE: u32 = TILE / 4;
override PITCH: u32 = TILE / 4 + 1;

struct Params {
  m: u32,
  n: u32,
  k: u32,
  zero: u32,
  relu: u32, // 1 where `finish` of a bias ends in a ReLU
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> a: array<f32>;
@group(0) @binding(2) var<storage, read_write> b: array<f32>;

// Four rows (columns) of one k in a vec4; one vec4 of padding a k keeps the banks apart.
var<workgroup> a_tile: array<vec4f, 16 * PITCH>;
var<workgroup> b_tile: array<vec4f, 16 * PITCH>;

fn load_a(row: u32, k: u32) -> f32 {
  if (row < params.m && k < params.k) {
    return a[select(row * params.k + k, k * params.m + row, A_T)];
  }
  return 0;
}

fn load_b(k: u32, column: u32) -> f32 {
  if (column < params.n && k < params.k) {
    return b[select(k * params.n + column, column * params.k + k, B_T)];
  }
  return 0;
}

// Neighbouring lanes read neighbouring words: along k where rows of the operand run along k, else across.
fn fill_a(first: u32, k: u32, t: u32) {
  let across = vec2u(t % SIDE, t / SIDE);
  let along = vec2u(t / 16u, t % 16u);
  for (var j = 0u; j < TILE * 4u; j += SIDE * SIDE) {
    let quad = select(along + vec2u(j / 16u, 0u), across + vec2u(0u, j / SIDE), A_T);
    let r = first + 4u * quad.x;
    let at = k + quad.y;
    a_tile[quad.y * PITCH + quad.x] =
      vec4f(load_a(r, at), load_a(r + 1u, at), load_a(r + 2u, at), load_a(r + 3u, at));
  }
}

fn fill_b(first: u32, k: u32, t: u32) {
  let across = vec2u(t % SIDE, t / SIDE);
  let along = vec2u(t / 16u, t % 16u);
  for (var j = 0u; j < TILE * 4u; j += SIDE * SIDE) {
    let quad = select(across + vec2u(0u, j / SIDE), along + vec2u(j / 16u, 0u), B_T);
    let c = first + 4u * quad.x;
    let at = k + quad.y;
    b_tile[quad.y * PITCH + quad.x] =
      vec4f(load_b(at, c), load_b(at, c + 1u), load_b(at, c + 2u), load_b(at, c + 3u));
  }
}

fn put(row: u32, column: u32, v: vec4f) {
  let i = row * params.n + column;
  if (params.n % 4u == 0u) {
    if (column < params.n) {
      finish4(i / 4u, v);
    }
    return;
  }
  if (column < params.n) {
    finish(i, v.x);
  }
  if (column + 1u < params.n) {
    finish(i + 1u, v.y);
  }
  if (column + 2u < params.n) {
    finish(i + 2u, v.z);
  }
  if (column + 3u < params.n) {
    finish(i + 3u, v.w);
  }
}

@compute @workgroup_size(SIDE, SIDE)
fn main(
  @builtin(local_invocation_id) l: vec3u,
  @builtin(local_invocation_index) t: u32,
  @builtin(workgroup_id) w: vec3u,
) {
  let row = TILE * w.y + 4u * l.y;
  let column = TILE * w.x + 4u * l.x;
  var c0: vec4f;
  var c1: vec4f;
  var c2: vec4f;
  var c3: vec4f;
  for (var k = 0u; k < params.k; k += 16u) {
    fill_a(TILE * w.y, k, t);
    fill_b(TILE * w.x, k, t);
    workgroupBarrier();
    for (var j = 0u; j < 16u; j++) {
      let rows = a_tile[j * PITCH + l.y];
      let columns = b_tile[j * PITCH + l.x];
      c0 = fma(vec4f(rows.x), columns, c0);
      c1 = fma(vec4f(rows.y), columns, c1);
      c2 = fma(vec4f(rows.z), columns, c2);
      c3 = fma(vec4f(rows.w), columns, c3);
    }
    workgroupBarrier();
  }
  let v = vec4f(start(column), start(column + 1u), start(column + 2u), start(column + 3u));
  // `zero` keeps the loop from being unrolled, which would cost llvmpipe seconds of compiling.
  var result = array<vec4f, 4>(c0 + v, c1 + v, c2 + v, c3 + v);
  let rows = min(4u, max(row, params.m) - row);
  for (var r = 0u; r < rows; r++) {
    put(row + r, column, result[params.zero + r]);
  }
}
