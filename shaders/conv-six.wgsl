// Lines shared by depthwise convolutions of 3 x 3 neighbouring taps: six pixels of a row of images, loaded once.
struct Six {
  a: mat4x4f, // the first four
  b: vec4f,
  c: vec4f,
}

// Where six pixels of any row lie: the texel of the image's first row, columns as texels, and which of them there are.
struct Columns {
  start: u32,
  a: vec4u,
  b: vec2u,
  within_a: vec4<bool>,
  within_b: vec2<bool>,
}

fn columns_from(x: i32, image: u32, texel: u32) -> Columns {
  let a = vec4u(x + vec4i(0, 1, 2, 3));
  let b = vec2u(x + vec2i(4, 5));
  return Columns(
    image * params.in_h * params.in_w * params.pixel + texel,
    a * params.pixel,
    b * params.pixel,
    a < vec4u(params.in_w),
    b < vec2u(params.in_w),
  );
}

fn load_six(p: Columns, y: u32) -> Six {
  let on = y < params.in_h;
  let first = p.start + y * params.in_w * params.pixel;
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
