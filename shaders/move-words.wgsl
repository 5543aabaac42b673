// y[place + i] = x[skip + i] for i < count, bit for bit.
// Lane t of workgroup g takes the elements 256 g + t + 64 j, j < 4.
alias U = vec4u;
struct Params {
  count: u32, // elements
  skip: u32, // elements of x before the first
  place: u32, // elements of y before it
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> x: array<U>;
@group(0) @binding(2) var<storage, read_write> y: array<U>;

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
      y[params.place + i] = x[params.skip + i];
    }
  }
}
