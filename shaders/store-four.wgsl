// Lines shared by shaders of products: what four neighbouring columns of the result begin with, and how they are stored. One of
// matmul-store*.wgsl or conv-store*.wgsl has start, finish and finish4.
// Are the result's columns, in all and of a group, whole vec4s?
override C_WHOLE: bool = false;

fn starts(column: u32) -> vec4f {
  return vec4f(start(column), start(column + 1u), start(column + 2u), start(column + 3u));
}

// Stores columns `column` .. `column` + 3 of a row, those below `end`.
fn put(row: u32, column: u32, end: u32, v: vec4f) {
  let i = row * params.n + column;
  if (C_WHOLE) {
    if (column < end) {
      finish4(i / 4u, v);
    }
    return;
  }
  if (column < end) {
    finish(i, v.x);
  }
  if (column + 1u < end) {
    finish(i + 1u, v.y);
  }
  if (column + 2u < end) {
    finish(i + 2u, v.z);
  }
  if (column + 3u < end) {
    finish(i + 3u, v.w);
  }
}
