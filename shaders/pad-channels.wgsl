// Pixels as whole texels: [pixel][group][channels of a group, padded with zeros to a multiple of four].
// One lane to a texel.
struct Params {
  texels: u32,
  texels_of_group: u32,
  groups: u32,
  channels: u32, // of a group
  first: u32, // element of the source at which the pixels begin
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> source: array<f32>;
@group(0) @binding(2) var<storage, read_write> padded: array<vec4f>;

fn element(first: u32, c: u32) -> f32 {
  if (c < params.channels) {
    return source[first + c];
  }
  return 0;
}

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let i = 64u * (w.y * n.x + w.x) + t;
  if (i >= params.texels) {
    return;
  }
  let part = divided(i, params.texels_of_group);
  let c = 4u * (i - part * params.texels_of_group);
  let first = params.first + part * params.channels;
  padded[i] = vec4f(element(first, c), element(first, c + 1u), element(first, c + 2u), element(first, c + 3u));
}
