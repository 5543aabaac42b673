// y = max(a + b, 0).
fn f(a: vec4f, b: vec4f) -> vec4f {
  return max(a + b, vec4f(0));
}
