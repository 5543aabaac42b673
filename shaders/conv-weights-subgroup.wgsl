// dw = sum over pixels of x^T dy on llvmpipe: one subgroup of 8 lanes makes 32 rows x 32 columns of a part's matrix, four
// pixels a turn. Texel i of an operand lies at (i % 1024, i / 1024) of its texture.
// conv-weights-window.wgsl, which tells what is read where, and rank-four.wgsl follow.
enable subgroups;

@group(0) @binding(1) var y_texels: texture_storage_2d<rgba32float, read>;
@group(0) @binding(2) var x_texels: texture_storage_2d<rgba32float, read>;

fn load_y(pixel: u32, texel: u32) -> vec4f {
  let i = pixel * params.y_pixel + texel;
  return textureLoad(y_texels, vec2u(i & 1023u, i >> 10u));
}

// The row's texel at pixel u of the line of dy; zero outside.
fn load_x(s: Seen, r: Row, u: u32) -> vec4f {
  let x = u32(i32(u) * params.stride + r.x);
  let within = s.on && x < params.in_w && u < params.out_w;
  let i = select(0u, (s.start + x) * params.x_pixel + r.texel, within);
  return select(vec4f(0), textureLoad(x_texels, vec2u(i & 1023u, i >> 10u)), within);
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
  let last = params.all_lines * params.out_w - 1u;
  var line = line_of(first);
  var c: array<vec4f, 32>;
  for (var v = first; v < end; v++) {
    let s = seen(row, line);
    for (var u = 0u; u < params.out_w; u += 4u) {
      let a = mat4x4f(load_x(s, row, u), load_x(s, row, u + 1u), load_x(s, row, u + 2u), load_x(s, row, u + 3u));
      let p = v * params.out_w + u;
      let b = mat4x4f(
        load_y(p, texel), load_y(min(p + 1u, last), texel), load_y(min(p + 2u, last), texel), load_y(min(p + 3u, last), texel),
      );
      rank4(&c, transpose(a), b);
    }
    line = next(line);
  }
  // A second array, since one that is indexed at run time does not stay in registers; `zero` in the index keeps the loop
  // from being unrolled, which would take many seconds to compile.
  var result = c;
  let rows = min(32u, params.rows - 32u * w.x);
  let i = part_of(w.z, group, 32u * w.x, column);
  for (var r = 0u; r < rows; r++) {
    if (column < params.y_texels) {
      parts[i + r * params.y_texels] = result[params.zero + r];
    }
  }
}
