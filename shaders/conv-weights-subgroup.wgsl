// dw = sum over pixels of x^T dy on llvmpipe: one subgroup of 8 lanes makes 32 rows x 32 columns of a part's matrix, four
// pixels a turn.
// conv-weights-window.wgsl, which tells what is read where, conv-from-textures.wgsl and rank-four.wgsl follow.
enable subgroups;

// The row's texel at pixel u of the line of dy; zero outside.
fn load_x(s: Seen, r: Row, u: u32) -> vec4f {
  let x = u32(i32(u) * params.stride + r.x);
  let within = s.on && x < params.in_w && u < params.out_w;
  let i = select(0u, (s.start + x) * params.pixel + r.texel, within);
  return load_a(i, within);
}

@compute @workgroup_size(8)
fn main(@builtin(local_invocation_index) l: u32, @builtin(workgroup_id) w: vec3u) {
  lane = l;
  let group = w.y / params.tiles;
  let row = row_of(8u * w.x + l, group);
  let column = 8u * (w.y % params.tiles) + l;
  let texel = group * params.y_texels + column;
  let first = w.z * params.lines;
  let end = min(first + params.lines, params.all_lines);
  let last = vec4u(params.all_lines * params.out_w - 1u);
  let turns = (max(first, end) - first) * ((params.out_w + 3u) / 4u);
  var place = line_of(first);
  var c: array<vec4f, 32>;
  for (var t = 0u; t < turns; t++) {
    let s = seen(row, place);
    let u = place.u;
    let a = mat4x4f(load_x(s, row, u), load_x(s, row, u + 1u), load_x(s, row, u + 2u), load_x(s, row, u + 3u));
    let pixel = (place.image * params.out_h + place.y) * params.out_w + u;
    let j = min(pixel + vec4u(0, 1, 2, 3), last) * params.y_pixel + texel;
    rank4(&c, transpose(a), mat4x4f(load_b(j.x), load_b(j.y), load_b(j.z), load_b(j.w)));
    place = after(place, 4u);
  }
  // A second array, since one that is indexed at run time does not stay in registers; `zero` in bound and index keeps the
  // loop from being unrolled, which would take seconds to compile.
  var result = c;
  let rows = min(32u + params.zero, params.rows - 32u * w.x);
  let i = part_of(w.z, group, 32u * w.x, column);
  for (var r = 0u; r < rows; r++) {
    if (column < params.y_texels) {
      parts[i + r * params.y_texels] = result[params.zero + r];
    }
  }
}
