// What a norm by given moments adds to a column: beta - mean gamma / sqrt(variance + eps). One lane to a column.
struct Params {
  columns: u32,
  eps: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> gamma: array<f32>;
@group(0) @binding(2) var<storage, read_write> beta: array<f32>;
@group(0) @binding(3) var<storage, read_write> mean: array<f32>;
@group(0) @binding(4) var<storage, read_write> variance: array<f32>;
@group(0) @binding(5) var<storage, read_write> shift: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) g: vec3u) {
  if (g.x < params.columns) {
    shift[g.x] = beta[g.x] - mean[g.x] * gamma[g.x] / sqrt(variance[g.x] + params.eps);
  }
}
