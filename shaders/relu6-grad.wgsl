// dx = dy where 0 < y < 6, else 0; y is the result of relu6.
fn f(y: vec4f, dy: vec4f) -> vec4f {
  return select(vec4f(0), dy, (y > vec4f(0)) & (y < vec4f(6)));
}
