// Last lines of a matmul shader: C as it is. `start` gives an accumulator's first value, `finish` stores element i.
@group(0) @binding(3) var<storage, read_write> c_out: array<f32>;

fn start(column: u32) -> f32 {
  return 0;
}

fn finish(i: u32, v: f32) {
  c_out[i] = v;
}
