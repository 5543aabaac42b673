// dx = the sum of dy over the windows whose index names this place, in the windows' order.
// Images [B, height, width, channels]; dy and index are [B, outHeight, outWidth, channels].
// A lane to every element of dx.
alias E = vec4f;
alias U = vec4u;
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
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> dy: array<E>;
@group(0) @binding(2) var<storage, read_write> index: array<U>;
@group(0) @binding(3) var<storage, read_write> dx: array<E>;

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
  let place = p % (params.height * params.width);
  let row = place / params.width + params.padding;
  let column = place % params.width + params.padding;
  let start = p / (params.height * params.width) * params.outHeight * params.outWidth;
  // The windows that hold this place: from the first that reaches down to it to the last that starts before it.
  let top = (max(row + params.stride, params.kernel) - params.kernel) / params.stride;
  let left = (max(column + params.stride, params.kernel) - params.kernel) / params.stride;
  let bottom = min(row / params.stride + 1u, params.outHeight);
  let right = min(column / params.stride + 1u, params.outWidth);
  var sum = E(0);
  for (var i = top; i < bottom; i++) {
    for (var j = left; j < right; j++) {
      let o = (start + i * params.outWidth + j) * params.channels + c;
      sum += select(E(0), dy[o], index[o] == U(place));
    }
  }
  dx[e] = sum;
}
