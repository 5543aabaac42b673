// dx = y (dy - sum y dy) along every row; y is the result of softmax.
// `lanes` neighbouring lanes (a power of two, at most 64) share a row: 64 / lanes rows a workgroup.
alias E = vec4f;
const size = 4u;
struct Params {
  rows: u32,
  columns: u32, // elements
}
override lanes: u32 = 1u;
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> y: array<E>;
@group(0) @binding(2) var<storage, read_write> dy: array<E>;
@group(0) @binding(3) var<storage, read_write> dx: array<E>;

var<workgroup> part: array<E, 64>;

// A row's sum of what its lanes hold, and of each one's numbers.
fn total(v: E, t: u32) -> f32 {
  var sum = v;
  if (lanes > 1u) {
    workgroupBarrier();
    part[t] = v;
    for (var s = lanes / 2u; s > 0u; s >>= 1u) {
      workgroupBarrier();
      if (t % lanes < s) {
        part[t] += part[t + s];
      }
    }
    workgroupBarrier();
    sum = part[t - t % lanes];
  }
  return dot(vec4f(sum), vec4f(f32(size) / 4));
}

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let row = (w.y * n.x + w.x) * (64u / lanes) + t / lanes;
  let real = row < params.rows;
  let start = row * params.columns;
  let end = select(start, start + params.columns, real);
  let first = start + t % lanes;

  var sum = E(0);
  for (var i = first; i < end; i += lanes) {
    sum += y[i] * dy[i];
  }
  let s = total(sum, t);
  for (var i = first; i < end; i += lanes) {
    dx[i] = y[i] * (dy[i] - s);
  }
}
