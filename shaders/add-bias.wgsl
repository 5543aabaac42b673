// y[.., c] = x[.., c] + b[c], rows of `width` elements.
// Lane t of workgroup g takes the vec4s SPAN g + t + LANES j below SPAN (g + 1).
override LANES: u32 = 64u;
override SPAN: u32 = 256u;

struct Params {
  count: u32, // vec4s
  width: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> b: array<f32>;
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
    let c0 = 4u * i - divided(4u * i, params.width) * params.width;
    let c1 = select(c0 + 1u, 0u, c0 + 1u == params.width);
    let c2 = select(c1 + 1u, 0u, c1 + 1u == params.width);
    let c3 = select(c2 + 1u, 0u, c2 + 1u == params.width);
    y[i] = x[i] + vec4f(b[c0], b[c1], b[c2], b[c3]);
  }
}
