// Running moments in place, by column: mean += m (batchMean - mean), variance += m (u - variance) with
// u = batchVariance n / (n - 1), n the number of rows behind the batch's moments; nothing moves where n is 0.
struct Params {
  count: u32, // vec4s
  momentum: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> mean: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> variance: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> batchMean: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> batchVariance: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> rows: array<f32>;

fn each(i: u32) {
  let momentum = select(0.0, params.momentum, rows[0] > 0);
  let unbiased = rows[0] / max(rows[0] - 1, 1);
  mean[i] += momentum * (batchMean[i] - mean[i]);
  variance[i] += momentum * (unbiased * batchVariance[i] - variance[i]);
}
