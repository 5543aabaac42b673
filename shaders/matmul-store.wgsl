// Last lines of a matmul shader: C as it is. `start` gives what is added to a column; `finish` stores element i, and
// `finish4` elements 4 i .. 4 i + 3.
@group(0) @binding(3) var<storage, read_write> c_out: array<vec4f>;

fn start(column: u32) -> f32 {
  return 0;
}

fn finish(i: u32, v: f32) {
  c_out[i / 4u][i % 4u] = v;
}

fn finish4(i: u32, v: vec4f) {
  c_out[i] = v;
}
