// Weights [out][channel of a group][tap], read at the given steps, as a convolution reads them: panels of 32 columns,
// [group and panel][tap][depth, padded][8 texels], zeros where there is nothing. Depth is summed over, columns are made.
// One lane to a texel of all taps, which are neighbours in the source. One of pack-as-is.wgsl, pack-scaled.wgsl follows.
struct Params {
  lanes: u32,
  taps: u32,
  padded: u32, // depth as stored
  panels: u32, // of a group
  depth: u32,
  columns: u32, // of a group
  depth_step: u32,
  column_step: u32,
  group_step: u32,
  eps: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> weights: array<f32>;
@group(0) @binding(2) var<storage, read_write> packed: array<vec4f>;

fn element(first: u32, some: bool) -> f32 {
  if (some) {
    return weights[first];
  }
  return 0;
}

fn scales(column: u32, some: vec4<bool>) -> vec4f {
  let c = select(vec4u(0), column + vec4u(0, 1, 2, 3), some);
  return vec4f(scale_of(c.x), scale_of(c.y), scale_of(c.z), scale_of(c.w));
}

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
  let row = i / 8u;
  let panel = divided(row, params.padded);
  let k = row - panel * params.padded;
  let group = divided(panel, params.panels);
  let column = 32u * (panel - group * params.panels) + 4u * (i % 8u);
  let some = (column + vec4u(0, 1, 2, 3) < vec4u(params.columns)) & vec4<bool>(k < params.depth);
  let step = params.column_step;
  var first = group * params.group_step + k * params.depth_step + column * step;
  var to = (panel * params.taps * params.padded + k) * 8u + i % 8u;
  let scale = scales(group * params.columns + column, some);
  for (var tap = 0u; tap < params.taps; tap++) {
    packed[to] = scale * vec4f(
      element(first, some.x),
      element(first + step, some.y),
      element(first + 2u * step, some.z),
      element(first + 3u * step, some.w),
    );
    first += 1u;
    to += params.padded * 8u;
  }
}
