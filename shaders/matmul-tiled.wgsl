// What product-tiled.wgsl makes of matrices: C [m, n] = op(A) op(B), or `parts` of it, [part][m, n], over shares of k.
// A is stored [m, k] where A_ALONG, else [k, m]; B [n, k] where B_ALONG, else [k, n]. *_WHOLE: rows are whole vec4s.
// `start`, `finish` and `finish4` come from one of matmul-store*.wgsl. w = (column tile, row tile, part).
override A_WHOLE: bool = false;
override B_WHOLE: bool = false;
override C_WHOLE: bool = false;

struct Params {
  m: u32,
  n: u32,
  k: u32,
  zero: u32,
  relu: u32, // 1 where `finish` of a bias ends in a ReLU
  share: u32, // k of a part, a multiple of eight
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> a: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> b: array<vec4f>;

struct SpotA {
  row: u32,
  k: u32,
  end: u32,
}

struct SpotB {
  column: u32,
  k: u32,
  end: u32,
}

fn end_of(w: vec3u) -> u32 {
  return min(params.k, (w.z + 1u) * params.share);
}

fn turns(w: vec3u) -> u32 {
  return (end_of(w) - w.z * params.share + 7u) / 8u;
}

fn aim_a(w: vec3u, row: u32, k: u32) -> SpotA {
  return SpotA(ROWS * w.y + row, w.z * params.share + k, end_of(w));
}

fn aim_b(w: vec3u, column: u32, k: u32) -> SpotB {
  return SpotB(COLUMNS * w.x + column, w.z * params.share + k, end_of(w));
}

fn step_a(s: SpotA) -> SpotA {
  return SpotA(s.row, s.k + 8u, s.end);
}

fn step_b(s: SpotB) -> SpotB {
  return SpotB(s.column, s.k + 8u, s.end);
}

fn look_a(s: SpotA) -> vec4f {
  var v = vec4f(0);
  if (s.row < params.m && s.k < s.end) {
    let i = select(s.k * params.m + s.row, s.row * params.k + s.k, A_ALONG);
    if (A_WHOLE) {
      v = a[i / 4u];
    } else {
      let some = select(params.m - s.row, s.end - s.k, A_ALONG);
      v.x = a[i / 4u][i % 4u];
      if (some > 1u) {
        v.y = a[(i + 1u) / 4u][(i + 1u) % 4u];
      }
      if (some > 2u) {
        v.z = a[(i + 2u) / 4u][(i + 2u) % 4u];
      }
      if (some > 3u) {
        v.w = a[(i + 3u) / 4u][(i + 3u) % 4u];
      }
    }
  }
  return v;
}

fn look_b(s: SpotB) -> vec4f {
  var v = vec4f(0);
  if (s.column < params.n && s.k < s.end) {
    let i = select(s.k * params.n + s.column, s.column * params.k + s.k, B_ALONG);
    if (B_WHOLE) {
      v = b[i / 4u];
    } else {
      let some = select(params.n - s.column, s.end - s.k, B_ALONG);
      v.x = b[i / 4u][i % 4u];
      if (some > 1u) {
        v.y = b[(i + 1u) / 4u][(i + 1u) % 4u];
      }
      if (some > 2u) {
        v.z = b[(i + 2u) / 4u][(i + 2u) % 4u];
      }
      if (some > 3u) {
        v.w = b[(i + 3u) / 4u][(i + 3u) % 4u];
      }
    }
  }
  return v;
}

fn put4(part: u32, row: u32, column: u32, v: vec4f) {
  if (row < params.m && column < params.n) {
    finish4(((part * params.m + row) * params.n + column) / 4u, v);
  }
}

fn settle(w: vec3u, r: u32, s: u32, c: mat4x4f) {
  let row = ROWS * w.y + r;
  let column = COLUMNS * w.x + s;
  let v = vec4f(start(column), start(column + 1u), start(column + 2u), start(column + 3u));
  if (C_WHOLE) {
    put4(w.z, row, column, c[0] + v);
    put4(w.z, row + 1u, column, c[1] + v);
    put4(w.z, row + 2u, column, c[2] + v);
    put4(w.z, row + 3u, column, c[3] + v);
    return;
  }
  // `zero` keeps the loop from being unrolled, which would cost llvmpipe seconds of compiling.
  var rest = mat4x4f(c[0] + v, c[1] + v, c[2] + v, c[3] + v);
  for (var e = params.zero; e < 16u; e++) {
    if (row + e / 4u < params.m && column + e % 4u < params.n) {
      finish((w.z * params.m + row + e / 4u) * params.n + column + e % 4u, rest[e / 4u][e % 4u]);
    }
  }
}
