// SGD with momentum as PyTorch's, in place: g' = g + weightDecay p, buffer = momentum buffer + g', p = p - rate buffer;
// hyper = [rate, momentum, weightDecay, unused].
// Lane t of workgroup g takes the vec4s 256 g + t + 64 j, j < 4.
struct Params {
  count: u32, // vec4s
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> p: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> gradient: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> buffer: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> hyper: array<vec4f>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let h = hyper[0];
  let first = 256u * (w.y * n.x + w.x) + t;
  for (var j = 0u; j < 4u; j++) {
    let i = first + 64u * j;
    if (i < params.count) {
      let old = p[i];
      let step = h.y * buffer[i] + (gradient[i] + h.z * old);
      buffer[i] = step;
      p[i] = old - h.x * step;
    }
  }
}
