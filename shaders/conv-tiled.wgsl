// What product-tiled.wgsl makes of images: y = conv(x, w) as an implicit product of rows, pixels of the grid, and columns,
// channels of the result, summed over texels of channels under one tap after the other, two texels a turn. A lane keeps
// its pixel and counts on through the taps, so nothing is divided after the start.
// conv-window.wgsl, which tells what is read where, conv-from-buffers.wgsl, and one of matmul-store*.wgsl follow.
// A_ALONG is true, B_ALONG false.
// w = (row tile in strip, group and column tile, strip).
// A tap and a texel of its channels, and the digits of two texels further.
struct Walk {
  tap: vec2u,
  texel: u32,
  step_tap: vec2u,
  step_texel: u32,
}

fn walk_from(texel: u32) -> Walk {
  let tap = texel / params.texels;
  let taps = 2u / params.texels;
  return Walk(
    vec2u(tap % params.taps.x, tap / params.taps.x),
    texel % params.texels,
    vec2u(taps % params.taps.x, taps / params.taps.x),
    2u % params.texels,
  );
}

fn walk_on(walk: Walk) -> Walk {
  var next = walk;
  next.texel += walk.step_texel;
  next.tap += walk.step_tap;
  if (next.texel >= params.texels) {
    next.texel -= params.texels;
    next.tap.x += 1u;
  }
  if (next.tap.x >= params.taps.x) {
    next.tap -= vec2u(params.taps.x, 0u);
    next.tap.y += 1u;
  }
  return next;
}

struct SpotA {
  start: u32, // texel of the image's first pixel
  at: vec2i, // where the pixel looks under tap (0, 0)
  walk: Walk,
}

struct SpotB {
  start: u32, // texel of the panel at which its columns of this channel of a texel begin
  some: bool,
  walk: Walk,
}

fn tiles_across() -> u32 {
  return (params.group_n + COLUMNS - 1u) / COLUMNS;
}

fn row_in_grid(w: vec3u, row: u32) -> u32 {
  return ROWS * (w.z * params.strip + w.x) + row;
}

fn column_in_group(w: vec3u, column: u32) -> u32 {
  return COLUMNS * (w.y % tiles_across()) + column;
}

fn turns(w: vec3u) -> u32 {
  return (all_turns() + 1u) / 2u;
}

fn aim_a(w: vec3u, row: u32, k: u32) -> SpotA {
  let pixel = row_in_grid(w, row);
  let p = place_of(pixel);
  let at = vec2i(vec2u(p.x, p.y)) * params.stride + params.offset;
  let group = w.y / tiles_across();
  return SpotA(
    p.b * params.in_h * params.in_w * params.pixel + group * params.texels,
    select(vec2i(-0x40000000), at, pixel < params.pixels),
    walk_from(k / 4u),
  );
}

fn look_a(s: SpotA) -> vec4f {
  let p = vec2u(s.at + vec2i(s.walk.tap) * params.step);
  let within = s.walk.tap.y < params.taps.y && p.x < params.in_w && p.y < params.in_h;
  return load_a(s.start + (p.y * params.in_w + p.x) * params.pixel + s.walk.texel, within);
}

fn step_a(s: SpotA) -> SpotA {
  return SpotA(s.start, s.at, walk_on(s.walk));
}

fn aim_b(w: vec3u, column: u32, k: u32) -> SpotB {
  let quad = column_in_group(w, column) / 4u;
  let panel = w.y / tiles_across() * params.panels + quad / 8u;
  return SpotB(
    panel * params.panel + 8u * (k % 4u) + quad % 8u,
    quad < 8u * params.panels,
    walk_from(k / 4u),
  );
}

fn look_b(s: SpotB) -> vec4f {
  var v = vec4f(0);
  if (s.some && s.walk.tap.y < params.taps.y) {
    v = load_b(s.start + 32u * (block_of(s.walk.tap) * params.texels + s.walk.texel));
  }
  return v;
}

fn step_b(s: SpotB) -> SpotB {
  return SpotB(s.start, s.some, walk_on(s.walk));
}

fn put4(row: u32, place: Place, column: u32, end: u32, v: vec4f) {
  if (row < params.pixels && column < end) {
    finish4((pixel_of(place) * params.n + column) / 4u, v);
  }
}

fn settle(w: vec3u, r: u32, s: u32, c: mat4x4f) {
  let group = w.y / tiles_across();
  let row = row_in_grid(w, r);
  let column = group * params.group_n + column_in_group(w, s);
  let end = (group + 1u) * params.group_n;
  let v = starts(column);
  let p0 = place_of(row);
  if (C_WHOLE) {
    let p1 = next(p0);
    let p2 = next(p1);
    put4(row, p0, column, end, c[0] + v);
    put4(row + 1u, p1, column, end, c[1] + v);
    put4(row + 2u, p2, column, end, c[2] + v);
    put4(row + 3u, next(p2), column, end, c[3] + v);
    return;
  }
  // `zero` keeps the loop from being unrolled, which would cost llvmpipe seconds of compiling.
  var result = c;
  var place = p0;
  for (var i = params.zero; i < 4u && row + i < params.pixels; i++) {
    put(pixel_of(place), column, end, result[i] + v);
    place = next(place);
  }
}
