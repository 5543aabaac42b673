// dx[s, r, c] = scale dy[s, c]; dx is [segments, rows, columns], taken as chunks of `chunk` rows of one segment each.
// Lane l of the whole grid takes column l mod columns of chunk l / columns.
alias E = vec4f;
struct Params {
  segments: u32,
  rows: u32,
  columns: u32, // elements
  scale: f32,
  chunk: u32,
  chunks: u32, // of a segment
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> dy: array<E>;
@group(0) @binding(2) var<storage, read_write> dx: array<E>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let lane = 64u * (w.y * n.x + w.x) + t;
  let g = divided(lane, params.columns);
  let s = divided(g, params.chunks);
  if (s >= params.segments) {
    return;
  }
  let c = lane - g * params.columns;
  let start = (g - s * params.chunks) * params.chunk;
  let end = min(start + params.chunk, params.rows);
  let v = params.scale * dy[s * params.columns + c];
  for (var r = start; r < end; r++) {
    dx[(s * params.rows + r) * params.columns + c] = v;
  }
}
