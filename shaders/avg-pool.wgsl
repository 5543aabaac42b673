// y = scale times the sum of x over every window.
// Images [B, height, width, channels]; windows hang over the edges by `padding`, where zeros are.
// A lane to every element of y.
alias E = vec4f;
struct Params {
  count: u32, // lanes
  channels: u32, // elements
  height: u32,
  width: u32,
  outHeight: u32,
  outWidth: u32,
  kernel: u32,
  stride: u32,
  padding: u32,
  scale: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> x: array<E>;
@group(0) @binding(2) var<storage, read_write> y: array<E>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let e = 64u * (w.y * n.x + w.x) + t;
  if (e >= params.count) {
    return;
  }
  let c = e % params.channels;
  let p = e / params.channels;
  let column = p % params.outWidth;
  let q = p / params.outWidth;
  let row = q % params.outHeight;
  let image = q / params.outHeight;
  // The part of the window that lies on the image.
  let top = max(row * params.stride, params.padding) - params.padding;
  let left = max(column * params.stride, params.padding) - params.padding;
  let bottom = min(row * params.stride + params.kernel - params.padding, params.height);
  let right = min(column * params.stride + params.kernel - params.padding, params.width);
  let start = image * params.height * params.width;
  var sum = E(0);
  for (var i = top; i < bottom; i++) {
    for (var j = left; j < right; j++) {
      sum += x[(start + i * params.width + j) * params.channels + c];
    }
  }
  y[e] = params.scale * sum;
}
