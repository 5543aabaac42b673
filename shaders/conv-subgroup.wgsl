// y = conv(x, w) on llvmpipe as an implicit product: one subgroup of 8 lanes makes 32 pixels of the grid x 32 channels,
// four channels of a tap a turn. Texel i of an operand lies at (i % 1024, i / 1024) of its texture.
// conv-window.wgsl, which tells what is read where, rank-four.wgsl and one of matmul-store*.wgsl follow.
enable subgroups;
@group(0) @binding(1) var x_texels: texture_storage_2d<rgba32float, read>;
@group(0) @binding(2) var w_texels: texture_storage_2d<rgba32float, read>;

fn load_x(i: u32, within: bool) -> vec4f {
  return select(vec4f(0), textureLoad(x_texels, vec2u(i & 1023u, i >> 10u)), within);
}

fn load_w(i: u32) -> vec4f {
  return textureLoad(w_texels, vec2u(i & 1023u, i >> 10u));
}

@compute @workgroup_size(8)
fn main(@builtin(local_invocation_index) l: u32, @builtin(workgroup_id) w: vec3u) {
  lane = l;
  let row = 32u * (w.z * params.strip + w.x);
  let group = w.y / params.panels;
  let place = place_of(row + 4u * l);
  let four = four_from(place);
  var c: array<vec4f, 32>;
  for (var i = 0u; i < params.taps.y; i++) {
    for (var j = 0u; j < params.taps.x; j++) {
      let s = seen(four, vec2u(j, i));
      var i_x = s.i + group * params.texels;
      var i_w = weights_of(w.y, vec2u(j, i)) + l;
      for (var k = 0u; k < params.texels; k++) {
        let a = mat4x4f(
          load_x(i_x.x, s.within.x), load_x(i_x.y, s.within.y), load_x(i_x.z, s.within.z), load_x(i_x.w, s.within.w),
        );
        rank4(&c, a, mat4x4f(load_w(i_w), load_w(i_w + 8u), load_w(i_w + 16u), load_w(i_w + 24u)));
        i_x += 1u;
        i_w += 32u;
      }
    }
  }
  // A second array, since one that is indexed at run time does not stay in registers; `zero` in the index keeps the loop
  // from being unrolled, which would take many seconds to compile.
  var result = c;
  let column = group * params.group_n + 32u * (w.y % params.panels) + 4u * l;
  let end = (group + 1u) * params.group_n;
  let v = starts(column);
  let z = l & params.zero;
  var at = Place(subgroupShuffle(place.b, z), subgroupShuffle(place.y, z), subgroupShuffle(place.x, z));
  let rows = min(32u, max(row, params.pixels) - row);
  for (var r = 0u; r < rows; r++) {
    put(pixel_of(at), column, end, result[params.zero + r] + v);
    at = next(at);
  }
}
