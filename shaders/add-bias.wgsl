// y[r, c] = x[r, c] + b[c].
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
@group(0) @binding(2) var<storage, read_write> b: array<E>;
@group(0) @binding(3) var<storage, read_write> y: array<E>;

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
  let c = lane - g * params.columns;
  let bias = b[c];
  let columns = params.columns;
  let end = min((g + 1u) * params.chunk, params.rows) * columns;
  for (var i = g * params.chunk * columns + c; i < end; i += columns) {
    y[i] = x[i] + bias;
  }
}
