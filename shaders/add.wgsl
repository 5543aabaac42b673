// y = a + b.
// Lane t of workgroup g takes the vec4s SPAN g + t + LANES j below SPAN (g + 1).
override LANES: u32 = 64u;
override SPAN: u32 = 256u;

struct Params {
  count: u32, // vec4s
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> a: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> b: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let first = SPAN * (w.y * n.x + w.x);
  let end = min(first + SPAN, params.count);
  for (var i = first + t; i < end; i += LANES) {
    y[i] = a[i] + b[i];
  }
}
