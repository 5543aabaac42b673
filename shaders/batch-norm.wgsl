// y = a (x - mean) + beta with a = gamma / sqrt(variance + eps), by column; where cap > 0, y is clamped to [0, cap].
alias E = vec4f;
struct Params {
  rows: u32,
  columns: u32, // elements
  chunk: u32, // rows of a chunk
  chunks: u32,
  eps: f32,
  cap: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> x: array<E>;
@group(0) @binding(2) var<storage, read_write> gamma: array<E>;
@group(0) @binding(3) var<storage, read_write> beta: array<E>;
@group(0) @binding(4) var<storage, read_write> mean: array<E>;
@group(0) @binding(5) var<storage, read_write> variance: array<E>;
@group(0) @binding(6) var<storage, read_write> y: array<E>;

fn along(c: u32, g: u32, start: u32, end: u32) {
  let a = gamma[c] / sqrt(variance[c] + params.eps);
  let m = mean[c];
  let b = beta[c];
  for (var r = start; r < end; r++) {
    let i = r * params.columns + c;
    let v = a * (x[i] - m) + b;
    y[i] = select(v, clamp(v, E(0), E(params.cap)), params.cap > 0);
  }
}
