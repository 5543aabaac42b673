// Weighted softmax cross-entropy, row by row, with z the logits, y the label, w the weights and W their sum:
//   rowLoss[i] = w_i (log sum_k exp z_ik - z_iy) / W,  dlogits[i, k] = w_i (exp z_ik / sum_k exp z_ik - [k = y]) / W.
// The row's maximum is subtracted before exp. A label past the last class has no term of its own.
// `lanes` neighbouring lanes (a power of two, at most 64 and at most `classes`) share a row: 64 / lanes rows a workgroup.
struct Params {
  rows: u32,
  classes: u32,
  lanes: u32,
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
  let start = row * params.classes;
  let end = select(start, start + params.classes, row < params.rows);

  var top = -0x1.fffffep+127f;
  for (var i = start + lane; i < end; i += lanes) {
    top = max(top, logits[i]);
  }
  part[t] = top;
  for (var s = lanes / 2u; s > 0u; s >>= 1u) {
    workgroupBarrier();
    if (lane < s) {
      part[t] = max(part[t], part[t + s]);
    }
  }
  workgroupBarrier();
  top = part[t - lane];
  workgroupBarrier();

  var sum = 0.0;
  for (var i = start + lane; i < end; i += lanes) {
    sum += exp(logits[i] - top);
  }
  part[t] = sum;
  for (var s = lanes / 2u; s > 0u; s >>= 1u) {
    workgroupBarrier();
    if (lane < s) {
      part[t] += part[t + s];
    }
  }
  workgroupBarrier();
  sum = part[t - lane];

  if (row >= params.rows) {
    return;
  }
  let label = labels[row];
  let total = weightSum[0];
  let share = select(0.0, weight[row] / total, total > 0);
  for (var i = start + lane; i < end; i += lanes) {
    dlogits[i] = share * (exp(logits[i] - top) / sum - select(0.0, 1.0, i - start == label));
  }
  if (lane == 0u) {
    let own = logits[start + min(label, params.classes - 1u)];
    rowLoss[row] = share * (log(sum) + select(top, top - own, label < params.classes));
  }
}
