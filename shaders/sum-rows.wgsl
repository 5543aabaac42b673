// y[g, c] = sum over the rows r of chunk g of x[r, c]; x is [rows, width], y is [chunks, width].
// Lane l of the whole grid takes the four columns from 4 (l mod quads) of chunk l / quads, quads = ceil(width / 4).
struct Params {
  rows: u32,
  width: u32,
  chunk: u32, // rows of a chunk
  chunks: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let lane = 64u * (w.y * n.x + w.x) + t;
  let quads = (params.width + 3u) / 4u;
  let g = lane / quads;
  if (g >= params.chunks) {
    return;
  }
  let c = 4u * (lane - g * quads);
  let columns = min(vec4u(c, c + 1u, c + 2u, c + 3u), vec4u(params.width - 1u));
  let end = min((g + 1u) * params.chunk, params.rows);
  var sum = vec4f(0);
  for (var r = g * params.chunk; r < end; r++) {
    let i = columns + r * params.width;
    sum += vec4f(x[i.x], x[i.y], x[i.z], x[i.w]);
  }
  for (var j = 0u; j < 4u && c + j < params.width; j++) {
    y[g * params.width + c + j] = sum[j];
  }
}
