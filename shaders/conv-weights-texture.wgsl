// dw = sum over pixels of x^T dy on software Vulkan without subgroups: a lane makes 8 rows x 8 columns of a part's matrix,
// a pixel a turn; the 8 lanes of a workgroup lie 2 x 4, so its tile is 16 x 32.
// conv-weights-window.wgsl, which tells what is read where, and conv-from-textures.wgsl follow.

// The row's texel at pixel u of the line of dy; zero outside.
fn load_x(s: Seen, r: Row, u: u32) -> vec4f {
  let x = u32(i32(u) * params.stride + r.x);
  let within = s.on && x < params.in_w;
  let i = select(0u, (s.start + x) * params.pixel + r.texel, within);
  return load_a(i, within);
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

// A second array, since one that is indexed at run time does not stay in registers; `zero` in bound and index keeps the
// loop from being unrolled, which would take seconds to compile.
fn put4(w: vec3u, row: u32, column: u32, c: array<vec4f, 8>) {
  var result = c;
  let i = part_of(w.z, w.y / params.tiles, row, column);
  let rows = min(4u + params.zero, max(row, params.rows) - row);
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
  var place = line_of(first);
  var i = first * params.out_w * params.y_pixel + group * params.y_texels + column;
  var top: array<vec4f, 8>;
  var bottom: array<vec4f, 8>;
  let pixels = (max(first, end) - first) * params.out_w;
  for (var t = 0u; t < pixels; t++) {
    let low = load_b(i);
    let high = load_b(i + 1u);
    rank1(&top, load_x(seen(upper, place), upper, place.u), low, high);
    rank1(&bottom, load_x(seen(lower, place), lower, place.u), low, high);
    i += params.y_pixel;
    place = after(place, 1u);
  }
  put4(w, row, column, top);
  put4(w, row + 4u, column, bottom);
}
