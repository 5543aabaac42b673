// dx = dy where y > 0, else 0; y is the result of relu.
fn f(y: vec4f, dy: vec4f) -> vec4f {
  return select(vec4f(0), dy, y > vec4f(0));
}
