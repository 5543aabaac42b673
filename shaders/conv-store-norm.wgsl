// Last lines of a convolution whose weights hold the scale of a norm: C + shift, shift [N] on every pixel; where
// cap > 0, clamped to [0, cap].
@group(0) @binding(3) var<storage, read_write> shift: array<f32>;
@group(0) @binding(4) var<storage, read_write> c_out: array<vec4f>;

fn start(column: u32) -> f32 {
  return shift[min(column, params.n - 1u)];
}

fn finish(i: u32, v: f32) {
  c_out[i / 4u][i % 4u] = select(v, clamp(v, 0, params.cap), params.cap > 0);
}

fn finish4(i: u32, v: vec4f) {
  c_out[i] = select(v, clamp(v, vec4f(0), vec4f(params.cap)), params.cap > 0);
}
