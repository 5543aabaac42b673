// A matrix of odd width or depth, or a transposed one, as rows of whole texels, padded with zeros: texel t of row r
// holds elements x[r, 4 t .. 4 t + 3] and lies at (i % 1024, i / 1024), i = r width + t; x[r, c] = source[r row_step + c column_step].
// One lane to a texel.
struct Params {
  rows: u32,
  columns: u32,
  width: u32, // texels of a packed row
  texels: u32, // of all packed rows
  row_step: u32,
  column_step: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> source: array<f32>;
@group(0) @binding(2) var packed: texture_storage_2d<rgba32float, write>;

fn element(r: u32, c: u32) -> f32 {
  if (r < params.rows && c < params.columns) {
    return source[r * params.row_step + c * params.column_step];
  }
  return 0;
}

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let i = 64u * (w.y * n.x + w.x) + t;
  if (i >= params.texels) {
    return;
  }
  let r = i / params.width;
  let c = 4u * (i % params.width);
  let v = vec4f(element(r, c), element(r, c + 1u), element(r, c + 2u), element(r, c + 3u));
  textureStore(packed, vec2u(i & 1023u, i >> 10u), v);
}
