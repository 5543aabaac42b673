// y = conv(x, w) where channels do not mix, 3 x 3 neighbouring taps at stride 1, forth or back. A lane makes four channels
// of four rows and walks along them: the six pixels of a column that it sees are loaded once and added to the three
// columns that see them.
// Weights are panels without depth, [panel][tap][8 texels]; conv-six.wgsl, conv-window.wgsl, which tells what is
// read where, conv-from-*.wgsl, and one of matmul-store*.wgsl follow.
override LANES: u32 = 64u;

// Three taps of a column.
struct Taps {
  a: vec4f,
  b: vec4f,
  c: vec4f,
}

fn load_taps(panel: u32, column: u32) -> Taps {
  let mirrored = params.step < vec2i(0);
  let x = select(column, 2u - column, mirrored.x);
  let y = select(vec3u(0, 1, 2), vec3u(2, 1, 0), vec3<bool>(mirrored.y));
  return Taps(
    load_b(panel + 8u * block_of(vec2u(x, y.x))),
    load_b(panel + 8u * block_of(vec2u(x, y.y))),
    load_b(panel + 8u * block_of(vec2u(x, y.z))),
  );
}

fn under(s: Six, t: Taps) -> mat4x4f {
  return mat4x4f(
    s.a[0] * t.a + s.a[1] * t.b + s.a[2] * t.c,
    s.a[1] * t.a + s.a[2] * t.b + s.a[3] * t.c,
    s.a[2] * t.a + s.a[3] * t.b + s.b * t.c,
    s.a[3] * t.a + s.b * t.b + s.c * t.c,
  );
}

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let i = LANES * (w.y * n.x + w.x) + t;
  let across = (params.grid_w + params.strip - 1u) / params.strip;
  let down = (params.grid_h + 3u) / 4u;
  let q = divided(i, params.texels);
  let texel = i - q * params.texels;
  let p = divided(q, across);
  let image = divided(p, down);
  if (image * params.grid_h * params.grid_w >= params.pixels) {
    return;
  }
  let y = 4u * (p - image * down);
  let first = params.strip * (q - p * across);
  let end = min(first + params.strip, params.grid_w);
  let corner = vec2i(vec2u(first, y)) + params.offset + min(2 * params.step, vec2i(0));
  let rows = rows_from(corner.y, image, texel);
  let panel = texel / 8u * params.panel + texel % 8u;
  let left = load_taps(panel, 0u);
  let middle = load_taps(panel, 1u);
  let right = load_taps(panel, 2u);
  let v = starts(4u * texel);
  let bias = mat4x4f(v, v, v, v);
  let within = y + vec4u(0, 1, 2, 3) < vec4u(params.grid_h);
  var column = u32(corner.x);
  let s = load_six(rows, column);
  let r = load_six(rows, column + 1u);
  var sum = bias + under(s, left) + under(r, middle);
  var next = bias + under(r, left);
  column += 2u;
  for (var x = first; x < end; x++) {
    let s = load_six(rows, column);
    let made = sum + under(s, right);
    sum = next + under(s, middle);
    next = bias + under(s, left);
    column += 1u;
    let at = pixel_of(Place(image, y, x));
    if (within.x) { put(at, 4u * texel, params.n, made[0]); }
    if (within.y) { put(at + params.out_y, 4u * texel, params.n, made[1]); }
    if (within.z) { put(at + 2u * params.out_y, 4u * texel, params.n, made[2]); }
    if (within.w) { put(at + 3u * params.out_y, 4u * texel, params.n, made[3]); }
  }
}
