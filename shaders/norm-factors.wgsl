// factors = [a, dbeta / n, dgamma / (n sqrt(variance + eps))] of every column, a = gamma / sqrt(variance + eps), n the
// count: what the rows' dx is made of. Lane t of workgroup g takes column 64 g + t.
struct Params {
  columns: u32,
  eps: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> gamma: array<f32>;
@group(0) @binding(2) var<storage, read_write> variance: array<f32>;
@group(0) @binding(3) var<storage, read_write> count: array<f32>;
@group(0) @binding(4) var<storage, read_write> dgamma: array<f32>;
@group(0) @binding(5) var<storage, read_write> dbeta: array<f32>;
@group(0) @binding(6) var<storage, read_write> factors: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) g: vec3u) {
  let c = g.x;
  if (c < params.columns) {
    let root = sqrt(variance[c] + params.eps);
    let total = max(count[0], 1);
    factors[c] = gamma[c] / root;
    factors[c + params.columns] = dbeta[c] / total;
    factors[c + 2u * params.columns] = dgamma[c] / root / total;
  }
}
