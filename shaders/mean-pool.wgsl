// y[s, c] = scale times the sum over r of x[s, r, c]; x is [segments, rows, columns].
// Lanes of the whole grid take the columns of a segment, then those of the next one: EACH of them (at most 2), LANES apart.
alias E = vec4f;
override LANES: u32 = 64u;
override EACH: u32 = 1u;
struct Params {
  segments: u32,
  rows: u32,
  columns: u32, // elements
  scale: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> x: array<E>;
@group(0) @binding(2) var<storage, read_write> y: array<E>;

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let lane = LANES * (w.y * n.x + w.x) + t;
  let columns = params.columns;
  let s = divided(lane, columns / EACH);
  if (s >= params.segments) {
    return;
  }
  let q = lane - s * (columns / EACH);
  let c = q / LANES * LANES * EACH + q % LANES;
  let first = s * params.rows * columns + c;
  let end = first + params.rows * columns;
  var sum: array<E, 2>;
  for (var i = first; i < end; i += columns) {
    for (var k = 0u; k < EACH; k++) {
      sum[k] += x[i + k * LANES];
    }
  }
  for (var k = 0u; k < EACH; k++) {
    y[s * columns + c + k * LANES] = params.scale * sum[k];
  }
}
