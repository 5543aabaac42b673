// Last lines of pack-weights.wgsl where a norm by given moments follows the convolution: columns times
// gamma / sqrt(variance + eps).
@group(0) @binding(3) var<storage, read_write> gamma: array<f32>;
@group(0) @binding(4) var<storage, read_write> variance: array<f32>;

fn scale_of(column: u32) -> f32 {
  return gamma[column] / sqrt(variance[column] + params.eps);
}
