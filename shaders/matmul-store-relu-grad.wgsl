// Last lines of a matmul shader: C where y > 0, else 0; y is the result of the ReLU that C is the cotangent of.
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@group(0) @binding(4) var<storage, read_write> c_out: array<f32>;

fn start(column: u32) -> f32 {
  return 0;
}

fn finish(i: u32, v: f32) {
  c_out[i] = select(0, v, y[i] > 0);
}
