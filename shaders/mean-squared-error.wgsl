// Weighted rescaled square loss against one-hot targets, row by row, with z the logits, y the label, w the weights, W their
// sum and K classes: with e_ik = z_ik - M [k = y] and c_ik = factor where k = y, else 1 (factor = M = 1: plain),
//   rowLoss[i] = w_i sum_k c_ik e_ik^2 / (K W),  dlogits[i, k] = 2 w_i c_ik e_ik / (K W).
// A label past the last class has the target zero.
// `lanes` neighbouring lanes (a power of two, at most 64 and at most `classes`) share a row: 64 / lanes rows a workgroup.
struct Params {
  rows: u32,
  classes: u32,
  lanes: u32,
  factor: f32,
  height: f32, // M
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> logits: array<f32>;
@group(0) @binding(2) var<storage, read_write> labels: array<u32>;
@group(0) @binding(3) var<storage, read_write> weight: array<f32>;
@group(0) @binding(4) var<storage, read_write> weightSum: array<f32>;
@group(0) @binding(5) var<storage, read_write> rowLoss: array<f32>;
@group(0) @binding(6) var<storage, read_write> dlogits: array<f32>;

var<workgroup> part: array<f32, 64>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let lanes = params.lanes;
  let lane = t % lanes;
  let row = (w.y * n.x + w.x) * (64u / lanes) + t / lanes;
  let live = row < params.rows;
  let start = row * params.classes;
  let end = select(start, start + params.classes, live);
  let safe = min(row, params.rows - 1u);
  let label = labels[safe];
  let total = weightSum[0] * f32(params.classes);
  let share = select(0.0, weight[safe] / total, total > 0);

  var sum = 0.0;
  for (var i = start + lane; i < end; i += lanes) {
    let own = i - start == label;
    let c = share * select(1.0, params.factor, own);
    let e = logits[i] - select(0.0, params.height, own);
    sum += c * e * e;
    dlogits[i] = 2 * c * e;
  }
  part[t] = sum;
  for (var s = lanes / 2u; s > 0u; s >>= 1u) {
    workgroupBarrier();
    if (lane < s) {
      part[t] += part[t + s];
    }
  }
  if (live && lane == 0u) {
    rowLoss[row] = part[t];
  }
}
