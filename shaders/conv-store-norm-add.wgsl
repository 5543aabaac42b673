// Last lines of a convolution whose weights hold the scale of a norm, at the end of a residual block: C + shift + rest,
// shift [N] on every pixel, rest of C's shape; where cap > 0, clamped to [0, cap].
@group(0) @binding(3) var<storage, read_write> shift: array<f32>;
@group(0) @binding(4) var<storage, read_write> rest: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> c_out: array<vec4f>;

fn start(column: u32) -> f32 {
  return shift[min(column, params.n - 1u)];
}

fn finish(i: u32, v: f32) {
  let sum = v + rest[i / 4u][i % 4u];
  c_out[i / 4u][i % 4u] = select(sum, clamp(sum, 0, params.cap), params.cap > 0);
}

fn finish4(i: u32, v: vec4f) {
  let sum = v + rest[i];
  c_out[i] = select(sum, clamp(sum, vec4f(0), vec4f(params.cap)), params.cap > 0);
}
