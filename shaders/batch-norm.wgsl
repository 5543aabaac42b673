// y = a (x - mean) + beta with a = gamma / sqrt(variance + eps), by column; where cap > 0, y is clamped to [0, cap].
// Lane l of the whole grid takes column l mod columns of chunk l / columns.
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

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let lane = 64u * (w.y * n.x + w.x) + t;
  let g = divided(lane, params.columns);
  if (g >= params.chunks) {
    return;
  }
  let c = lane - g * params.columns;
  let a = gamma[c] / sqrt(variance[c] + params.eps);
  let m = mean[c];
  let b = beta[c];
  let start = g * params.chunk;
  let end = min(start + params.chunk, params.rows);
  for (var r = start; r < end; r++) {
    let i = r * params.columns + c;
    let v = a * (x[i] - m) + b;
    y[i] = select(v, clamp(v, E(0), E(params.cap)), params.cap > 0);
  }
}
