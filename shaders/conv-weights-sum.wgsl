// dw [out][channel of a group][tap] = the sum over parts[part][group][tap, channel, padded][out, texels], in the order of
// the parts. A lane takes four outs and one channel through all taps. One of conv-weights-store*.wgsl follows.
struct Params {
  lanes: u32,
  parts: u32,
  groups: u32,
  taps: u32,
  depth: u32, // channels of a group as stored in a part
  rows: u32,
  texels: u32, // of the outs of a group
  channels: u32, // of a group
  outs: u32, // of a group
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> parts: array<vec4f>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let i = 64u * (w.y * n.x + w.x) + t;
  if (i >= params.lanes) {
    return;
  }
  let q = divided(i, params.texels);
  let texel = i - q * params.texels;
  let group = divided(q, params.channels);
  let channel = q - group * params.channels;
  let size = params.rows * params.texels;
  let count = min(4u, params.outs - 4u * texel);
  for (var tap = 0u; tap < params.taps; tap++) {
    var source = (group * params.rows + tap * params.depth + channel) * params.texels + texel;
    var sum = vec4f(0);
    for (var p = 0u; p < params.parts; p++) {
      sum += parts[source];
      source += params.groups * size;
    }
    for (var e = 0u; e < count; e++) {
      let out = group * params.outs + 4u * texel + e;
      finish((out * params.channels + channel) * params.taps + tap, sum[e]);
    }
  }
}
