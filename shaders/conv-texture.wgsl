// y = conv(x, w) on software Vulkan without subgroups: a lane makes 8 pixels x 8 channels, four channels of a tap a turn;
// the 8 lanes of a workgroup lie 2 x 4 or, where there are few channels, 8 x 1.
// conv-window.wgsl, which tells what is read where, conv-from-textures.wgsl, and one of matmul-store*.wgsl follow.

fn step(c: vec4f, a: vec4f, b: mat4x4f) -> vec4f {
  return c + a.x * b[0] + a.y * b[1] + a.z * b[2] + a.w * b[3];
}

// c[2 q + h] += four channels of pixel q under the weights of half h.
fn rank4(c: ptr<function, array<vec4f, 8>>, s: Seen, k: u32, low: mat4x4f, high: mat4x4f) {
  let a = load_a(s.i.x + k, s.within.x);
  let b = load_a(s.i.y + k, s.within.y);
  let d = load_a(s.i.z + k, s.within.z);
  let e = load_a(s.i.w + k, s.within.w);
  (*c)[0] = step((*c)[0], a, low);
  (*c)[1] = step((*c)[1], a, high);
  (*c)[2] = step((*c)[2], b, low);
  (*c)[3] = step((*c)[3], b, high);
  (*c)[4] = step((*c)[4], d, low);
  (*c)[5] = step((*c)[5], d, high);
  (*c)[6] = step((*c)[6], e, low);
  (*c)[7] = step((*c)[7], e, high);
}

// A second array, since one that is indexed at run time does not stay in registers; `zero` in bound and index keeps the
// loop from being unrolled, which would take seconds to compile.
fn put4(first: u32, column: u32, end: u32, c: array<vec4f, 8>) {
  var result = c;
  let low = starts(column);
  let high = starts(column + 4u);
  var place = place_of(first);
  let rows = min(4u + params.zero, max(first, params.pixels) - first);
  for (var r = 0u; r < rows; r++) {
    put(pixel_of(place), column, end, result[params.zero + 2u * r] + low);
    put(pixel_of(place), column + 4u, end, result[params.zero + 2u * r + 1u] + high);
    place = next(place);
  }
}

@compute @workgroup_size(8)
fn main(@builtin(local_invocation_index) l: u32, @builtin(workgroup_id) w: vec3u) {
  let down = l / params.across;
  let beside = l - down * params.across;
  let row = 8u * (8u / params.across * (w.z * params.strip + w.x) + down);
  let group = w.y / params.panels;
  let first = four_from(place_of(row));
  let second = four_from(place_of(row + 4u));
  var top: array<vec4f, 8>;
  var bottom: array<vec4f, 8>;
  var turn = Turn();
  let turns = all_turns();
  for (var t = 0u; t < turns; t++) {
    let k = group * params.texels + turn.k;
    let j = weights_of(w.y, turn.tap) + 32u * turn.k + 2u * beside;
    let low = mat4x4f(load_b(j), load_b(j + 8u), load_b(j + 16u), load_b(j + 24u));
    let high = mat4x4f(load_b(j + 1u), load_b(j + 9u), load_b(j + 17u), load_b(j + 25u));
    rank4(&top, seen(first, turn.tap), k, low, high);
    rank4(&bottom, seen(second, turn.tap), k, low, high);
    turn = after(turn);
  }
  let column = group * params.group_n + 32u * (w.y % params.panels) + 8u * beside;
  let end = (group + 1u) * params.group_n;
  put4(row, column, end, top);
  put4(row + 4u, column, end, bottom);
}
