// dw = sum over pixels of x^T dy on software Vulkan without subgroups: a lane makes 8 rows x 8 columns of a part's matrix,
// a pixel a turn; the 8 lanes of a workgroup lie 2 x 4, so its tile is 16 x 32. Texel i of an operand lies at
// (i % 1024, i / 1024) of its texture. conv-weights-window.wgsl, which tells what is read where, follows.
@group(0) @binding(1) var y_texels: texture_storage_2d<rgba32float, read>;
@group(0) @binding(2) var x_texels: texture_storage_2d<rgba32float, read>;

fn load_y(i: u32) -> vec4f {
  return textureLoad(y_texels, vec2u(i & 1023u, i >> 10u));
}

// The row's texel at pixel u of the line of dy; zero outside.
fn load_x(s: Seen, r: Row, u: u32) -> vec4f {
  let x = u32(i32(u) * params.stride + r.x);
  let within = s.on && x < params.in_w;
  let i = select(0u, (s.start + x) * params.x_pixel + r.texel, within);
  return select(vec4f(0), textureLoad(x_texels, vec2u(i & 1023u, i >> 10u)), within);
}

// c[2 q + h] += row q times the four columns of half h.
fn rank1(c: ptr<function, array<vec4f, 8>>, a: vec4f, low: vec4f, high: vec4f) {
  (*c)[0] += a.x * low;
  (*c)[1] += a.x * high;
  (*c)[2] += a.y * low;
  (*c)[3] += a.y * high;
  (*c)[4] += a.z * low;
  (*c)[5] += a.z * high;
  (*c)[6] += a.w * low;
  (*c)[7] += a.w * high;
}

// A second array, since one that is indexed at run time does not stay in registers; `zero` in the index keeps the loop
// from being unrolled, which would take seconds to compile.
fn put4(w: vec3u, row: u32, column: u32, c: array<vec4f, 8>) {
  var result = c;
  let i = part_of(w.z, w.y / params.tiles, row, column);
  let rows = min(4u, max(row, params.rows) - row);
  for (var r = 0u; r < rows; r++) {
    if (column < params.y_texels) {
      parts[i + r * params.y_texels] = result[params.zero + 2u * r];
    }
    if (column + 1u < params.y_texels) {
      parts[i + r * params.y_texels + 1u] = result[params.zero + 2u * r + 1u];
    }
  }
}

@compute @workgroup_size(8)
fn main(@builtin(local_invocation_index) l: u32, @builtin(workgroup_id) w: vec3u) {
  let group = w.y / params.tiles;
  let row = 16u * w.x + 8u * (l / 4u);
  let column = 8u * (w.y % params.tiles) + 2u * (l % 4u);
  let upper = row_of(row / 4u, group);
  let lower = row_of(row / 4u + 1u, group);
  let first = w.z * params.lines;
  let end = min(first + params.lines, params.all_lines);
  var line = line_of(first);
  var top: array<vec4f, 8>;
  var bottom: array<vec4f, 8>;
  for (var v = first; v < end; v++) {
    let s = seen(upper, line);
    let t = seen(lower, line);
    for (var u = 0u; u < params.out_w; u++) {
      let i = (v * params.out_w + u) * params.y_pixel + group * params.y_texels + column;
      let low = load_y(i);
      let high = load_y(i + 1u);
      rank1(&top, load_x(s, upper, u), low, high);
      rank1(&bottom, load_x(t, lower, u), low, high);
    }
    line = next(line);
  }
  put4(w, row, column, top);
  put4(w, row + 4u, column, bottom);
}
