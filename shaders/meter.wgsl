// meter += [loss W, sum of w where guess = label, W], in place, with w the weights of the rows and W their sum.
// One workgroup: lane t takes the rows t, t + 64, ..., then the lanes are added pairwise.
struct Params {
  rows: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> meter: array<f32>;
@group(0) @binding(2) var<storage, read_write> loss: array<f32>;
@group(0) @binding(3) var<storage, read_write> guesses: array<u32>;
@group(0) @binding(4) var<storage, read_write> labels: array<u32>;
@group(0) @binding(5) var<storage, read_write> weight: array<f32>;

var<workgroup> part: array<vec2f, 64>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) t: u32) {
  var sum = vec2f(0);
  for (var i = t; i < params.rows; i += 64u) {
    sum += vec2f(select(0.0, weight[i], guesses[i] == labels[i]), weight[i]);
  }
  part[t] = sum;
  for (var s = 32u; s > 0u; s >>= 1u) {
    workgroupBarrier();
    if (t < s) {
      part[t] += part[t + s];
    }
  }
  if (t == 0u) {
    let hits = part[0].x;
    let total = part[0].y;
    meter[0] += select(0.0, loss[0] * total, total > 0);
    meter[1] += hits;
    meter[2] += total;
  }
}
