// mean, variance and count of two batches together, from those of each, after Chan, Golub and LeVeque (1983):
//   n = n1 + n2,  d = mean2 - mean1,  mean = mean1 + d n2 / n,  variance = (v1 n1 + v2 n2 + d^2 n1 n2 / n) / n.
// Lane t of workgroup g takes the vec4s 256 g + t + 64 j, j < 4.
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

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let both = count1[0] + count2[0];
  let share = count2[0] / max(both, 1);
  let first = 256u * (w.y * n.x + w.x) + t;
  if (first == 0u) {
    count[0] = both;
  }
  for (var j = 0u; j < 4u; j++) {
    let i = first + 64u * j;
    if (i < params.count) {
      let d = mean2[i] - mean[i];
      mean[i] += share * d;
      variance[i] = mix(variance[i], variance2[i], share) + share * (1 - share) * d * d;
    }
  }
}
