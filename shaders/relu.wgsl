// y = max(x, 0).
fn f(x: vec4f) -> vec4f {
  return max(x, vec4f(0));
}
