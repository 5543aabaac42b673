// y[r, c] = x[r, c] where c < before, else 0: rows of `before` elements become rows of `after` elements.
// Lane t of workgroup g takes the vec4s 256 g + t + 64 j, j < 4.
struct Params {
  count: u32, // vec4s
  size: u32, // elements of y
  before: u32,
  after: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;

fn cell(e: u32) -> f32 {
  let c = e % params.after;
  if (e >= params.size || c >= params.before) {
    return 0;
  }
  return x[e / params.after * params.before + c];
}

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
      y[i] = vec4f(cell(4u * i), cell(4u * i + 1u), cell(4u * i + 2u), cell(4u * i + 3u));
    }
  }
}
