// Lines shared by depthwise convolutions of 3 x 3 neighbouring taps: six pixels of a column of images, loaded once.
struct Six {
  a: mat4x4f, // the first four
  b: vec4f,
  c: vec4f,
}

// Where six pixels of any column lie, as texels from the image's first column, and which of them there are; of those that
// are not within the image, other pixels are loaded and dropped.
struct Rows {
  a: vec4u,
  b: vec2u,
  within_a: vec4<bool>,
  within_b: vec2<bool>,
}

fn rows_from(y: i32, image: u32, texel: u32) -> Rows {
  let a = vec4u(y + vec4i(0, 1, 2, 3));
  let b = vec2u(y + vec2i(4, 5));
  let line = params.in_w * params.pixel;
  let last = params.in_h - 1u;
  let start = image * params.in_h * line + texel;
  return Rows(
    start + min(a, vec4u(last)) * line,
    start + min(b, vec2u(last)) * line,
    a <= vec4u(last),
    b <= vec2u(last),
  );
}

fn load_six(p: Rows, x: u32) -> Six {
  let within = p.within_a & vec4<bool>(x < params.in_w);
  let more = p.within_b & vec2<bool>(x < params.in_w);
  let column = min(x, params.in_w - 1u) * params.pixel;
  let i = p.a + column;
  let j = p.b + column;
  return Six(
    mat4x4f(load_a(i.x, within.x), load_a(i.y, within.y), load_a(i.z, within.z), load_a(i.w, within.w)),
    load_a(j.x, more.x),
    load_a(j.y, more.y),
  );
}
