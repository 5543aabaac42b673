// Last lines of a matmul shader: C where y > 0, else 0; y is the result of the ReLU that C is the cotangent of.
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> c_out: array<vec4f>;

fn start(column: u32) -> f32 {
  return 0;
}

fn finish(i: u32, v: f32) {
  c_out[i / 4u][i % 4u] = select(0, v, y[i / 4u][i % 4u] > 0);
}

fn finish4(i: u32, v: vec4f) {
  c_out[i] = select(vec4f(0), v, y[i] > vec4f(0));
}
