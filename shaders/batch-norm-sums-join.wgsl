// dbeta = sum d and dgamma = sum d (x - mean) / sqrt(variance + eps) of every column from the chunks' parts; and
// factors = [a, dbeta / count, dgamma / (count sqrt(variance + eps))], a = gamma / sqrt(variance + eps), for the rows' dx.
// Workgroup c takes column c; column-sums.wgsl comes after this.
alias E = vec4f;
struct Params {
  rows: u32,
  columns: u32, // elements
  chunk: u32,
  chunks: u32,
  eps: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> part: array<E>;
@group(0) @binding(2) var<storage, read_write> gamma: array<E>;
@group(0) @binding(3) var<storage, read_write> variance: array<E>;
@group(0) @binding(4) var<storage, read_write> count: array<f32>;
@group(0) @binding(5) var<storage, read_write> dgamma: array<E>;
@group(0) @binding(6) var<storage, read_write> dbeta: array<E>;
@group(0) @binding(7) var<storage, read_write> factors: array<E>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let c = w.y * n.x + w.x;
  let width = params.columns;
  let sums = sums_of(c, t);
  if (t == 0u && c < width) {
    let root = sqrt(variance[c] + params.eps);
    let total = max(count[0], 1);
    dbeta[c] = sums.a;
    dgamma[c] = sums.b / root;
    factors[c] = gamma[c] / root;
    factors[c + width] = sums.a / total;
    factors[c + 2u * width] = sums.b / root / root / total;
  }
}
