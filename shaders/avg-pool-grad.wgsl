// dx = scale times the sum of dy over the windows that hold this place, in the windows' order.
// Images [B, height, width, channels]; dy is [B, outHeight, outWidth, channels].
// A lane takes four elements of one place of dx, a quarter of the channels apart.
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
@group(0) @binding(1) var<storage, read_write> dy: array<E>;
@group(0) @binding(2) var<storage, read_write> dx: array<E>;

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
  let part = (params.channels + 3u) / 4u;
  let p = divided(e, part);
  let c = e - p * part;
  let channels = min(c + vec4u(0u, 1u, 2u, 3u) * part, vec4u(params.channels - 1u));
  let image = divided(p, params.height * params.width);
  let place = p - image * params.height * params.width;
  let line = divided(place, params.width);
  let row = line + params.padding;
  let column = place - line * params.width + params.padding;
  let start = image * params.outHeight * params.outWidth;
  // The windows that hold this place: from the first that reaches down to it to the last that starts before it.
  let top = divided(max(row + params.stride, params.kernel) - params.kernel, params.stride);
  let left = divided(max(column + params.stride, params.kernel) - params.kernel, params.stride);
  let bottom = min(divided(row, params.stride) + 1u, params.outHeight);
  let right = min(divided(column, params.stride) + 1u, params.outWidth);
  var sum: array<E, 4>;
  for (var i = top; i < bottom; i++) {
    for (var j = left; j < right; j++) {
      for (var k = 0u; k < 4u; k++) {
        sum[k] += dy[(start + i * params.outWidth + j) * params.channels + channels[k]];
      }
    }
  }
  for (var k = 0u; k < 4u && c + k * part < params.channels; k++) {
    dx[p * params.channels + channels[k]] = params.scale * sum[k];
  }
}
