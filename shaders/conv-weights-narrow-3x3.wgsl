// dw = sum over pixels of x^T dy on llvmpipe where a texel holds all channels of x, at most three: one subgroup of 8 lanes
// makes all 27 rows, 3 x 3 neighbouring taps at stride 1, x 32 columns of a part's matrix, four pixels a turn. A lane holds
// the pixel of x in its column, which reaches all lanes by shuffles as in rank-four.wgsl.
// conv-weights-window.wgsl, which tells what is read where, and conv-from-textures.wgsl follow.
enable subgroups;

var<private> lane: u32;

// What the pixels add under the three taps of a row.
struct Taps {
  a: mat3x4f,
  b: mat3x4f,
  c: mat3x4f,
}

fn pixel_of(x: vec4f, column: u32) -> vec3f {
  let source = (lane & params.zero) + column;
  return vec3f(subgroupShuffle(x.x, source), subgroupShuffle(x.y, source), subgroupShuffle(x.z, source));
}

fn under(x: vec4f, dy: mat4x4f) -> Taps {
  let p1 = pixel_of(x, 1u);
  let p2 = pixel_of(x, 2u);
  let p3 = pixel_of(x, 3u);
  let p4 = pixel_of(x, 4u);
  return Taps(
    dy * transpose(mat4x3f(pixel_of(x, 0u), p1, p2, p3)),
    dy * transpose(mat4x3f(p1, p2, p3, p4)),
    dy * transpose(mat4x3f(p2, p3, p4, pixel_of(x, 5u))),
  );
}

fn plus(t: Taps, s: Taps) -> Taps {
  return Taps(t.a + s.a, t.b + s.b, t.c + s.c);
}

fn load_x(image: u32, y: u32, x: u32, texel: u32) -> vec4f {
  let within = y < params.in_h && x < params.in_w;
  let i = select(0u, ((image * params.in_h + y) * params.in_w + x) * params.pixel + texel, within);
  return load_a(i, within);
}

fn load_y(pixel: u32, texel: u32, within: bool) -> vec4f {
  return select(vec4f(0), load_b(select(0u, pixel * params.y_pixel + texel, within)), within);
}

fn put_tap(part: u32, row: u32, v: mat3x4f) {
  let i = part + row * params.y_texels;
  parts[i] = v[0];
  parts[i + params.y_texels] = v[1];
  parts[i + 2u * params.y_texels] = v[2];
}

fn put_taps(part: u32, row: u32, t: Taps) {
  put_tap(part, row, t.a);
  put_tap(part, row + 3u, t.b);
  put_tap(part, row + 6u, t.c);
}

@compute @workgroup_size(8)
fn main(@builtin(local_invocation_index) l: u32, @builtin(workgroup_id) w: vec3u) {
  lane = l;
  let group = w.y / params.tiles;
  let column = 8u * (w.y % params.tiles) + l;
  let texel = group * params.y_texels + column;
  let first = w.z * params.lines;
  let end = min(first + params.lines, params.all_lines);
  let turns = (max(first, end) - first) * ((params.out_w + 3u) / 4u);
  var place = line_of(first);
  var top: Taps;
  var middle: Taps;
  var bottom: Taps;
  for (var t = 0u; t < turns; t++) {
    let at = vec2u(vec2i(vec2u(place.u + l, place.y)) - params.padding);
    let pixel = (place.image * params.out_h + place.y) * params.out_w + place.u;
    let within = place.u + vec4u(0, 1, 2, 3) < vec4u(params.out_w);
    let dy = mat4x4f(
      load_y(pixel, texel, within.x),
      load_y(pixel + 1u, texel, within.y),
      load_y(pixel + 2u, texel, within.z),
      load_y(pixel + 3u, texel, within.w),
    );
    top = plus(top, under(load_x(place.image, at.y, at.x, group), dy));
    middle = plus(middle, under(load_x(place.image, at.y + 1u, at.x, group), dy));
    bottom = plus(bottom, under(load_x(place.image, at.y + 2u, at.x, group), dy));
    place = after(place, 4u);
  }
  if (column < params.y_texels) {
    let part = part_of(w.z, group, 0u, column);
    put_taps(part, 0u, top);
    put_taps(part, 9u, middle);
    put_taps(part, 18u, bottom);
  }
}
