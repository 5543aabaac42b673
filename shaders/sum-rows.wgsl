// y[g, c] = sum over the rows r of chunk g of x[r, c].
// Lane l of the whole grid takes column l mod columns of chunk l / columns.
alias E = vec4f;
struct Params {
  rows: u32,
  columns: u32, // elements
  chunk: u32, // rows of a chunk
  chunks: u32,
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
  let g = divided(lane, params.columns);
  if (g >= params.chunks) {
    return;
  }
  let columns = params.columns;
  let end = min((g + 1u) * params.chunk, params.rows) * columns;
  var sum = E(0);
  for (var i = g * params.chunk * columns + lane - g * columns; i < end; i += columns) {
    sum += x[i];
  }
  y[lane] = sum;
}
