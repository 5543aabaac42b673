// y = conv(x, w) where channels do not mix, 3 x 3 neighbouring taps at stride 1, forth or back. A lane makes four channels
// of 2 x 4 pixels and loads each of the 4 x 6 that they see once.
// Weights are panels without depth, [panel][tap][8 texels]; conv-six.wgsl, conv-window.wgsl, which tells what is
// read where, conv-from-*.wgsl, and one of matmul-store*.wgsl follow.

// Three taps of a row.
struct Taps {
  a: vec4f,
  b: vec4f,
  c: vec4f,
}

fn load_taps(panel: u32, row: u32) -> Taps {
  let mirrored = params.step < vec2i(0);
  let y = select(row, 2u - row, mirrored.y);
  let x = select(vec3u(0, 1, 2), vec3u(2, 1, 0), vec3<bool>(mirrored.x));
  return Taps(
    load_b(panel + 8u * block_of(vec2u(x.x, y))),
    load_b(panel + 8u * block_of(vec2u(x.y, y))),
    load_b(panel + 8u * block_of(vec2u(x.z, y))),
  );
}

fn row_of(s: Six, t: Taps) -> mat4x4f {
  return mat4x4f(
    s.a[0] * t.a + s.a[1] * t.b + s.a[2] * t.c,
    s.a[1] * t.a + s.a[2] * t.b + s.a[3] * t.c,
    s.a[2] * t.a + s.a[3] * t.b + s.b * t.c,
    s.a[3] * t.a + s.b * t.b + s.c * t.c,
  );
}

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let i = 64u * (w.y * n.x + w.x) + t;
  let across = (params.grid_w + 3u) / 4u;
  let down = (params.grid_h + 1u) / 2u;
  let q = divided(i, params.texels);
  let texel = i - q * params.texels;
  let p = divided(q, across);
  let image = divided(p, down);
  if (image * params.grid_h * params.grid_w >= params.pixels) {
    return;
  }
  let place = Place(image, 2u * (p - image * down), 4u * (q - p * across));
  let corner = vec2i(vec2u(place.x, place.y)) + params.offset + min(2 * params.step, vec2i(0));
  let columns = columns_from(corner.x, image, texel);
  let panel = texel / 8u * params.panel + texel % 8u;
  let v = starts(4u * texel);
  let y = u32(corner.y);
  let top = load_taps(panel, 0u);
  let middle = load_taps(panel, 1u);
  let bottom = load_taps(panel, 2u);
  let r0 = load_six(columns, y);
  let r1 = load_six(columns, y + 1u);
  let r2 = load_six(columns, y + 2u);
  let r3 = load_six(columns, y + 3u);
  let upper = row_of(r0, top) + row_of(r1, middle) + row_of(r2, bottom);
  let lower = row_of(r1, top) + row_of(r2, middle) + row_of(r3, bottom);
  var result = array<vec4f, 8>(upper[0], upper[1], upper[2], upper[3], lower[0], lower[1], lower[2], lower[3]);
  for (var r = params.zero; r < 8u; r++) {
    let at = Place(image, place.y + r / 4u, place.x + r % 4u);
    if (at.x < params.grid_w && at.y < params.grid_h) {
      put(pixel_of(at), 4u * texel, params.n, result[params.zero + r] + v);
    }
  }
}
