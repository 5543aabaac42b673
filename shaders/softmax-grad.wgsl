// dx = y (dy - sum y dy) along every row; y is the result of softmax.
// `lanes` neighbouring lanes share a row: 64 / lanes rows a workgroup. row-total.wgsl comes after this.
alias E = vec4f;
const size = 4u;
struct Params {
  rows: u32,
  columns: u32, // elements
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> y: array<E>;
@group(0) @binding(2) var<storage, read_write> dy: array<E>;
@group(0) @binding(3) var<storage, read_write> dx: array<E>;

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
