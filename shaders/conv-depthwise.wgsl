// y = conv(x, w) where channels do not mix: sums over taps alone. A lane makes four channels of four pixels in a row.
// Weights are panels without depth, [panel][tap][8 texels]; conv-window.wgsl, which tells what is read where,
// conv-from-*.wgsl, and one of matmul-store*.wgsl follow.

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let i = 64u * (w.y * n.x + w.x) + t;
  let quads = (params.grid_w + 3u) / 4u;
  let quad = divided(i, params.texels);
  let texel = i - quad * params.texels;
  let line = divided(quad, quads);
  let column = 4u * (quad - line * quads);
  if (line * params.grid_w >= params.pixels) {
    return;
  }
  var place = place_of(line * params.grid_w + column);
  let top = i32(place.y) * params.stride.y + params.offset.y;
  let left = (vec4i(i32(column)) + vec4i(0, 1, 2, 3)) * params.stride.x + params.offset.x;
  let panel = texel / 8u * params.panel + texel % 8u;
  var c0 = starts(4u * texel);
  var c1 = c0;
  var c2 = c0;
  var c3 = c0;
  for (var a = 0u; a < params.taps.y; a++) {
    let row = u32(top + i32(a) * params.step.y);
    let on = row < params.in_h;
    let start = (place.b * params.in_h + row) * params.in_w;
    for (var b = 0u; b < params.taps.x; b++) {
      let at = vec4u(left + i32(b) * params.step.x);
      let within = (at < vec4u(params.in_w)) & vec4<bool>(on);
      let source = select(vec4u(0), (start + at) * params.texels + texel, within);
      let v = load_b(panel + 8u * block_of(vec2u(b, a)));
      c0 += v * load_a(source.x, within.x);
      c1 += v * load_a(source.y, within.y);
      c2 += v * load_a(source.z, within.z);
      c3 += v * load_a(source.w, within.w);
    }
  }
  var result = array<vec4f, 4>(c0, c1, c2, c3);
  let pixels = min(4u + params.zero, params.grid_w - column);
  for (var r = 0u; r < pixels; r++) {
    put(pixel_of(place), 4u * texel, params.n, result[params.zero + r]);
    place.x += 1u;
  }
}
