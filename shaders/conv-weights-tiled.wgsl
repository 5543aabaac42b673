// What product-tiled.wgsl makes of two images: dw = sum over pixels of x^T dy, rows (tap, channel of x), columns channels of
// dy, eight pixels a turn, of one part of the pixels. A lane keeps its row and counts on through the pixels of y.
// conv-weights-window.wgsl, which tells what is read where, and conv-from-buffers.wgsl follow.

// The pixel of y, also as (column, line, image), and the digits of eight pixels further.
struct SpotA {
  row: Row,
  pixel: u32,
  end: u32,
  at: vec3u,
  step: vec3u,
}

struct SpotB {
  texel: u32, // of the pixel
  some: bool,
  pixel: u32,
  end: u32,
}

fn digits(pixel: u32) -> vec3u {
  let line = pixel / params.out_w;
  return vec3u(pixel % params.out_w, line % params.out_h, line / params.out_h);
}

fn first_pixel(w: vec3u) -> u32 {
  return w.z * params.lines * params.out_w;
}

fn end_pixel(w: vec3u) -> u32 {
  return min((w.z + 1u) * params.lines, params.all_lines) * params.out_w;
}

fn turns(w: vec3u) -> u32 {
  return (max(end_pixel(w), first_pixel(w)) - first_pixel(w) + 7u) / 8u;
}

fn aim_a(w: vec3u, row: u32, k: u32) -> SpotA {
  let pixel = first_pixel(w) + k;
  let seen_by = row_of((ROWS * w.x + row) / 4u, w.y / params.tiles);
  return SpotA(seen_by, pixel, end_pixel(w), digits(pixel), digits(8u));
}

fn look_a(s: SpotA) -> vec4f {
  let p = vec2u(vec2i(s.at.xy) * params.stride + vec2i(s.row.x, s.row.y));
  let within = s.row.some && s.pixel < s.end && p.x < params.in_w && p.y < params.in_h;
  return load_a(((s.at.z * params.in_h + p.y) * params.in_w + p.x) * params.pixel + s.row.texel, within);
}

fn step_a(s: SpotA) -> SpotA {
  var at = s.at + s.step;
  if (at.x >= params.out_w) {
    at -= vec3u(params.out_w, 0u, 0u);
    at.y += 1u;
  }
  if (at.y >= params.out_h) {
    at -= vec3u(0u, params.out_h, 0u);
    at.z += 1u;
  }
  return SpotA(s.row, s.pixel + 8u, s.end, at, s.step);
}

fn column_texel(w: vec3u, column: u32) -> u32 {
  return (COLUMNS * (w.y % params.tiles) + column) / 4u;
}

fn aim_b(w: vec3u, column: u32, k: u32) -> SpotB {
  let texel = column_texel(w, column);
  let group = w.y / params.tiles;
  return SpotB(group * params.y_texels + texel, texel < params.y_texels, first_pixel(w) + k, end_pixel(w));
}

fn look_b(s: SpotB) -> vec4f {
  var v = vec4f(0);
  if (s.some && s.pixel < s.end) {
    v = load_b(s.pixel * params.y_pixel + s.texel);
  }
  return v;
}

fn step_b(s: SpotB) -> SpotB {
  return SpotB(s.texel, s.some, s.pixel + 8u, s.end);
}

fn settle(w: vec3u, r: u32, s: u32, c: mat4x4f) {
  let row = ROWS * w.x + r;
  let texel = column_texel(w, s);
  if (row < params.rows && texel < params.y_texels) {
    let i = part_of(w.z, w.y / params.tiles, row, texel);
    parts[i] = c[0];
    parts[i + params.y_texels] = c[1];
    parts[i + 2u * params.y_texels] = c[2];
    parts[i + 3u * params.y_texels] = c[3];
  }
}
