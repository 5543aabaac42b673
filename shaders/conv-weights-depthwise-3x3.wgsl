// dw = sum over pixels of x dy where channels do not mix, 3 x 3 neighbouring taps at stride 1. A lane sums four channels
// under all taps over four columns of a part's images, down the lines; each column of four is a part of its own.
// conv-six.wgsl, conv-weights-window.wgsl, which tells what is read where, and conv-from-*.wgsl follow; rows are taps.
fn under(s: Six, dy: mat4x4f) -> mat3x4f {
  return mat3x4f(
    s.a[0] * dy[0] + s.a[1] * dy[1] + s.a[2] * dy[2] + s.a[3] * dy[3],
    s.a[1] * dy[0] + s.a[2] * dy[1] + s.a[3] * dy[2] + s.b * dy[3],
    s.a[2] * dy[0] + s.a[3] * dy[1] + s.b * dy[2] + s.c * dy[3],
  );
}

fn load_y(pixel: u32, texel: u32, within: bool) -> vec4f {
  return select(vec4f(0), load_b(select(0u, pixel * params.y_pixel + texel, within)), within);
}

fn put_row(part: u32, row: u32, texel: u32, v: mat3x4f) {
  parts[part_of(part, 0u, row, texel)] = v[0];
  parts[part_of(part, 0u, row + 1u, texel)] = v[1];
  parts[part_of(part, 0u, row + 2u, texel)] = v[2];
}

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let i = 64u * (w.y * n.x + w.x) + t;
  let blocks = (params.out_w + 3u) / 4u;
  let q = divided(i, params.y_texels);
  let texel = i - q * params.y_texels;
  let part = divided(q, blocks);
  if (part >= params.slice_parts) {
    return;
  }
  let u = 4u * (q - part * blocks);
  let within = u + vec4u(0, 1, 2, 3) < vec4u(params.out_w);
  let images = divided(params.lines, params.out_h);
  let end = min((part + 1u) * images, divided(params.all_lines, params.out_h));
  var top = mat3x4f();
  var middle = mat3x4f();
  var bottom = mat3x4f();
  for (var image = part * images; image < end; image++) {
    let columns = columns_from(i32(u) - params.padding, image, texel);
    var r0 = load_six(columns, u32(-params.padding));
    var r1 = load_six(columns, u32(1 - params.padding));
    for (var y = 0u; y < params.out_h; y++) {
      let r2 = load_six(columns, u32(i32(y) + 2 - params.padding));
      let p = (image * params.out_h + y) * params.out_w + u;
      let dy = mat4x4f(
        load_y(p, texel, within.x),
        load_y(p + 1u, texel, within.y),
        load_y(p + 2u, texel, within.z),
        load_y(p + 3u, texel, within.w),
      );
      top += under(r0, dy);
      middle += under(r1, dy);
      bottom += under(r2, dy);
      r0 = r1;
      r1 = r2;
    }
  }
  put_row(q, 0u, texel, top);
  put_row(q, 3u, texel, middle);
  put_row(q, 6u, texel, bottom);
}
