// y[r] = the lowest column at which row r of x [rows, classes] is largest.
// `lanes` neighbouring lanes (a power of two, at most 64 and at most `classes`) share a row: 64 / lanes rows a workgroup.
struct Params {
  rows: u32,
  classes: u32,
  lanes: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;

var<workgroup> tops: array<f32, 64>;
var<workgroup> places: array<u32, 64>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let lanes = params.lanes;
  let lane = t % lanes;
  let row = (w.y * n.x + w.x) * (64u / lanes) + t / lanes;
  let start = min(row, params.rows - 1u) * params.classes;

  var top = x[start + lane];
  var place = lane;
  for (var c = lane + lanes; c < params.classes; c += lanes) {
    let value = x[start + c];
    if (value > top) {
      top = value;
      place = c;
    }
  }
  tops[t] = top;
  places[t] = place;
  for (var s = lanes / 2u; s > 0u; s >>= 1u) {
    workgroupBarrier();
    if (lane < s) {
      let value = tops[t + s];
      let at = places[t + s];
      if (value > tops[t] || (value == tops[t] && at < places[t])) {
        tops[t] = value;
        places[t] = at;
      }
    }
  }
  if (lane == 0u && row < params.rows) {
    y[row] = places[t];
  }
}
