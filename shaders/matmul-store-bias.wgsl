// Last lines of a matmul shader: C + bias, bias [N] on every row, then a ReLU where params.relu is 1.
@group(0) @binding(3) var<storage, read_write> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> c_out: array<vec4f>;

fn start(column: u32) -> f32 {
  return bias[min(column, params.n - 1u)];
}

fn finish(i: u32, v: f32) {
  c_out[i / 4u][i % 4u] = select(v, max(v, 0), params.relu == 1u);
}

fn finish4(i: u32, v: vec4f) {
  c_out[i] = select(v, max(v, vec4f(0)), params.relu == 1u);
}
