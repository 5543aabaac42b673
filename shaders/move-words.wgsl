// y[place + i] = x[skip + i] for i < count, bit for bit.
// Lane t of workgroup g takes the elements SPAN g + t + LANES j below SPAN (g + 1).
override LANES: u32 = 64u;
override SPAN: u32 = 256u;

alias U = vec4u;
struct Params {
  count: u32, // elements
  skip: u32, // elements of x before the first
  place: u32, // elements of y before it
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> x: array<U>;
@group(0) @binding(2) var<storage, read_write> y: array<U>;

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let first = SPAN * (w.y * n.x + w.x);
  let end = min(first + SPAN, params.count);
  for (var i = first + t; i < end; i += LANES) {
    y[params.place + i] = x[params.skip + i];
  }
}
