// y = conv(x, w) on llvmpipe as an implicit product: one subgroup of 8 lanes makes 32 pixels of the grid x 32 channels,
// four channels of a tap a turn.
// conv-window.wgsl, which tells what is read where, conv-from-textures.wgsl, rank-four.wgsl and one of
// matmul-store*.wgsl follow.
enable subgroups;

@compute @workgroup_size(8)
fn main(@builtin(local_invocation_index) l: u32, @builtin(workgroup_id) w: vec3u) {
  lane = l;
  let row = 32u * (w.z * params.strip + w.x);
  let group = w.y / params.panels;
  let place = place_of(row + 4u * l);
  let four = four_from(place);
  var c: array<vec4f, 32>;
  var turn = Turn();
  let turns = all_turns();
  for (var t = 0u; t < turns; t++) {
    let s = seen(four, turn.tap);
    let i = s.i + group * params.texels + turn.k;
    let j = weights_of(w.y, turn.tap) + 32u * turn.k + l;
    let a = mat4x4f(load_a(i.x, s.within.x), load_a(i.y, s.within.y), load_a(i.z, s.within.z), load_a(i.w, s.within.w));
    rank4(&c, a, mat4x4f(load_b(j), load_b(j + 8u), load_b(j + 16u), load_b(j + 24u)));
    turn = after(turn);
  }
  // A second array, since one that is indexed at run time does not stay in registers; `zero` in bound and index keeps the
  // loop from being unrolled, which would take seconds to compile.
  var result = c;
  let column = group * params.group_n + 32u * (w.y % params.panels) + 4u * l;
  let end = (group + 1u) * params.group_n;
  let v = starts(column);
  let z = l & params.zero;
  var at = Place(subgroupShuffle(place.b, z), subgroupShuffle(place.y, z), subgroupShuffle(place.x, z));
  let rows = min(32u + params.zero, max(row, params.pixels) - row);
  for (var r = 0u; r < rows; r++) {
    put(pixel_of(at), column, end, result[params.zero + r] + v);
    at = next(at);
  }
}
