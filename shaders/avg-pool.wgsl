// y = scale times the sum of x over every window.
// Images [B, height, width, channels]; windows hang over the edges by `padding`, where zeros are.
// A lane takes four elements of one place of y, a quarter of the channels apart.
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
  let part = (params.channels + 3u) / 4u;
  let p = divided(e, part);
  let c = e - p * part;
  let channels = min(c + vec4u(0u, 1u, 2u, 3u) * part, vec4u(params.channels - 1u));
  let q = divided(p, params.outWidth);
  let column = p - q * params.outWidth;
  let image = divided(q, params.outHeight);
  let row = q - image * params.outHeight;
  // The part of the window that lies on the image.
  let top = max(row * params.stride, params.padding) - params.padding;
  let left = max(column * params.stride, params.padding) - params.padding;
  let bottom = min(row * params.stride + params.kernel - params.padding, params.height);
  let right = min(column * params.stride + params.kernel - params.padding, params.width);
  let start = image * params.height * params.width;
  var sum: array<E, 4>;
  for (var i = top; i < bottom; i++) {
    for (var j = left; j < right; j++) {
      for (var k = 0u; k < 4u; k++) {
        sum[k] += x[(start + i * params.width + j) * params.channels + channels[k]];
      }
    }
  }
  for (var k = 0u; k < 4u && c + k * part < params.channels; k++) {
    y[p * params.channels + channels[k]] = params.scale * sum[k];
  }
}
