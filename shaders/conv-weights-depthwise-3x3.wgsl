// dw = sum over pixels of x dy where channels do not mix, 3 x 3 neighbouring taps at stride 1. A lane sums four channels
// under all taps over four lines of a part's images, along the lines; each four lines are a part of their own.
// conv-six.wgsl, conv-weights-window.wgsl, which tells what is read where, and conv-from-*.wgsl follow; rows are taps.
override LANES: u32 = 64u;

// A column of taps.
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

fn put_column(part: u32, column: u32, texel: u32, v: mat3x4f) {
  parts[part_of(part, 0u, column, texel)] = v[0];
  parts[part_of(part, 0u, column + 3u, texel)] = v[1];
  parts[part_of(part, 0u, column + 6u, texel)] = v[2];
}

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let i = LANES * (w.y * n.x + w.x) + t;
  let blocks = (params.out_h + 3u) / 4u;
  let q = divided(i, params.y_texels);
  let texel = i - q * params.y_texels;
  let part = divided(q, blocks);
  if (part >= params.slice_parts) {
    return;
  }
  let v = 4u * (q - part * blocks);
  let within = v + vec4u(0, 1, 2, 3) < vec4u(params.out_h);
  let images = divided(params.lines, params.out_h);
  let end = min((part + 1u) * images, divided(params.all_lines, params.out_h));
  var left = mat3x4f();
  var middle = mat3x4f();
  var right = mat3x4f();
  for (var image = part * images; image < end; image++) {
    let rows = rows_from(i32(v) - params.padding, image, texel);
    var before = mat4x4f();
    var last = mat4x4f();
    for (var x = 0u; x < params.out_w + 2u; x++) {
      let s = load_six(rows, u32(i32(x) - params.padding));
      let on = within & vec4<bool>(x < params.out_w);
      let p = (image * params.out_h + v) * params.out_w + x;
      let dy = mat4x4f(
        load_y(p, texel, on.x),
        load_y(p + params.out_w, texel, on.y),
        load_y(p + 2u * params.out_w, texel, on.z),
        load_y(p + 3u * params.out_w, texel, on.w),
      );
      left += under(s, dy);
      middle += under(s, last);
      right += under(s, before);
      before = last;
      last = dy;
    }
  }
  put_column(q, 0u, texel, left);
  put_column(q, 1u, texel, middle);
  put_column(q, 2u, texel, right);
}
