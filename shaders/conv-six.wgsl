// Lines shared by depthwise convolutions of 3 x 3 neighbouring taps: six pixels of a column of images, loaded once.
struct Six {
  a: mat4x4f, // the first four
  b: vec4f,
  c: vec4f,
}

// Where six pixels of any column lie: the texel of the image's first column, rows as texels, and which of them there are.
struct Rows {
  start: u32,
  a: vec4u,
  b: vec2u,
  within_a: vec4<bool>,
  within_b: vec2<bool>,
}

fn rows_from(y: i32, image: u32, texel: u32) -> Rows {
  let a = vec4u(y + vec4i(0, 1, 2, 3));
  let b = vec2u(y + vec2i(4, 5));
  let line = params.in_w * params.pixel;
  return Rows(
    image * params.in_h * line + texel,
    a * line,
    b * line,
    a < vec4u(params.in_h),
    b < vec2u(params.in_h),
  );
}

fn load_six(p: Rows, x: u32) -> Six {
  let on = x < params.in_w;
  let first = p.start + x * params.pixel;
  let within = p.within_a & vec4<bool>(on);
  let more = p.within_b & vec2<bool>(on);
  let i = select(vec4u(0), first + p.a, within);
  let j = select(vec2u(0), first + p.b, more);
  return Six(
    mat4x4f(load_a(i.x, within.x), load_a(i.y, within.y), load_a(i.z, within.z), load_a(i.w, within.w)),
    load_a(j.x, more.x),
    load_a(j.y, more.y),
  );
}
