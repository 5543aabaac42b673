// sums[y_i, c] += w_i x[i, c] and counts[y_i] += w_i over the rows i of a batch, in place and in the order of the rows.
// Rows of weight zero and labels past the last class are left out. Lane c owns column c of all classes; the lane after the
// last column owns the counts.
struct Params {
  rows: u32,
  width: u32,
  classes: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> sums: array<f32>;
@group(0) @binding(2) var<storage, read_write> counts: array<f32>;
@group(0) @binding(3) var<storage, read_write> x: array<f32>;
@group(0) @binding(4) var<storage, read_write> labels: array<u32>;
@group(0) @binding(5) var<storage, read_write> weight: array<f32>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let c = 64u * (w.y * n.x + w.x) + t;
  if (c > params.width) {
    return;
  }
  for (var i = 0u; i < params.rows; i++) {
    let label = labels[i];
    let share = weight[i];
    if (label >= params.classes || share == 0) {
      continue;
    }
    if (c == params.width) {
      counts[label] += share;
    } else {
      sums[label * params.width + c] += share * x[i * params.width + c];
    }
  }
}
