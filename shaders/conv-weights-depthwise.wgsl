// dw = sum over pixels of x dy where channels do not mix: a lane sums four channels under three neighbouring taps of a row
// over a part's lines. conv-weights-window.wgsl, which tells what is read where, and conv-from-*.wgsl follow; rows are taps.

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let i = 64u * (w.y * n.x + w.x) + t;
  let q = divided(i, params.y_texels);
  let texel = i - q * params.y_texels;
  let triples = (params.taps_x + 2u) / 3u;
  let rows = divided(params.taps, params.taps_x) * triples;
  let part = divided(q, rows);
  if (part >= params.slice_parts) {
    return;
  }
  let ty = divided(q - part * rows, triples);
  let tx = 3u * (q - part * rows - ty * triples);
  let taps = min(3u, params.taps_x - tx);
  let row = Row(i32(ty) * params.dilation - params.padding, i32(tx) * params.dilation - params.padding, texel, true);
  let end = min((part + 1u) * params.lines, params.all_lines);
  var place = line_of(part * params.lines);
  var c0 = vec4f(0);
  var c1 = vec4f(0);
  var c2 = vec4f(0);
  for (var v = part * params.lines; v < end; v++) {
    let s = seen(row, place);
    var b = v * params.out_w * params.y_pixel + texel;
    var x = vec3i(row.x) + vec3i(0, 1, 2) * params.dilation;
    for (var u = 0u; u < params.out_w; u++) {
      let within = (vec3u(x) < vec3u(params.in_w)) & vec3<bool>(s.on);
      let a = select(vec3u(0), (s.start + vec3u(x)) * params.pixel + texel, within);
      let dy = load_b(b);
      c0 += load_a(a.x, within.x) * dy;
      c1 += load_a(a.y, within.y) * dy;
      c2 += load_a(a.z, within.z) * dy;
      b += params.y_pixel;
      x += params.stride;
    }
    place = after(place, params.out_w);
  }
  let tap = ty * params.taps_x + tx;
  parts[part_of(part, 0u, tap, texel)] = c0;
  if (taps > 1u) {
    parts[part_of(part, 0u, tap + 1u, texel)] = c1;
  }
  if (taps > 2u) {
    parts[part_of(part, 0u, tap + 2u, texel)] = c2;
  }
}
