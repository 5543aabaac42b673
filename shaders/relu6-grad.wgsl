// dx = dy where 0 < y < 6, else 0; y is the result of relu6.
// Lane t of workgroup g takes the vec4s 256 g + t + 64 j, j < 4.
struct Params {
  count: u32, // vec4s
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> dy: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> dx: array<vec4f>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let first = 256u * (w.y * n.x + w.x) + t;
  for (var j = 0u; j < 4u; j++) {
    let i = first + 64u * j;
    if (i < params.count) {
      dx[i] = select(vec4f(0), dy[i], (y[i] > vec4f(0)) & (y[i] < vec4f(6)));
    }
  }
}
