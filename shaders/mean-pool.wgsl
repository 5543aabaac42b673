// y[s, c] = scale times the sum over r of x[s, r, c]; x is [segments, rows, columns].
// Lane l of the whole grid takes column l mod columns of segment l / columns.
alias E = vec4f;
struct Params {
  segments: u32,
  rows: u32,
  columns: u32, // elements
  scale: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> x: array<E>;
@group(0) @binding(2) var<storage, read_write> y: array<E>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let lane = 64u * (w.y * n.x + w.x) + t;
  let s = divided(lane, params.columns);
  if (s >= params.segments) {
    return;
  }
  let first = s * params.rows * params.columns + (lane - s * params.columns);
  var sum = E(0);
  for (var r = 0u; r < params.rows; r++) {
    sum += x[first + r * params.columns];
  }
  y[lane] = params.scale * sum;
}
