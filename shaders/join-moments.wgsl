// mean, variance and count of two batches together, from those of each, after Chan, Golub and LeVeque (1983):
//   n = n1 + n2,  d = mean2 - mean1,  mean = mean1 + d n2 / n,  variance = (v1 n1 + v2 n2 + d^2 n1 n2 / n) / n.
struct Params {
  count: u32, // vec4s
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> mean: array<vec4f>; // of the first batch, then of both
@group(0) @binding(2) var<storage, read_write> variance: array<vec4f>; // likewise
@group(0) @binding(3) var<storage, read_write> count1: array<f32>;
@group(0) @binding(4) var<storage, read_write> mean2: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> variance2: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> count2: array<f32>;
@group(0) @binding(7) var<storage, read_write> count: array<f32>;

fn each(i: u32) {
  let both = count1[0] + count2[0];
  let share = count2[0] / max(both, 1);
  if (i == 0u) {
    count[0] = both;
  }
  let d = mean2[i] - mean[i];
  mean[i] += share * d;
  variance[i] = mix(variance[i], variance2[i], share) + share * (1 - share) * d * d;
}
