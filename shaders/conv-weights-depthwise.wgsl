// dw = sum over pixels of x dy where channels do not mix: a lane sums four channels under one tap over a part's lines.
// conv-weights-window.wgsl, which tells what is read where, follows; rows are taps.
@group(0) @binding(1) var<storage, read_write> dy: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> x: array<vec4f>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let i = 64u * (w.y * n.x + w.x) + t;
  let texel = i % params.y_texels;
  let q = i / params.y_texels;
  let part = q / params.taps;
  let tap = q - part * params.taps;
  if (part >= params.slice_parts) {
    return;
  }
  let ty = tap / params.taps_x;
  let at = vec2i(vec2u(tap - ty * params.taps_x, ty)) * params.dilation - params.padding;
  let row = Row(at.y, at.x, texel, true);
  let end = min((part + 1u) * params.lines, params.all_lines);
  var line = line_of(part * params.lines);
  var sum = vec4f(0);
  for (var v = part * params.lines; v < end; v++) {
    let s = seen(row, line);
    if (s.on) {
      for (var u = 0u; u < params.out_w; u++) {
        let a = u32(i32(u) * params.stride + row.x);
        if (a < params.in_w) {
          sum += x[(s.start + a) * params.x_pixel + texel] * dy[(v * params.out_w + u) * params.y_pixel + texel];
        }
      }
    }
    line = next(line);
  }
  parts[part_of(part, 0u, tap, texel)] = sum;
}
