// Weights [out][channel of a group][tap], read at the given steps, as a convolution reads them: panels of 32 columns,
// [group and panel][tap][depth, padded][8 texels], zeros where there is nothing. Depth is summed over, columns are made.
// One lane to a texel.
struct Params {
  texels: u32, // of all panels
  taps: u32,
  padded: u32, // depth as stored
  panels: u32, // of a group
  depth: u32,
  columns: u32, // of a group
  depth_step: u32,
  column_step: u32,
  group_step: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> weights: array<f32>;
@group(0) @binding(2) var<storage, read_write> packed: array<vec4f>;

fn element(first: u32, column: u32) -> f32 {
  if (column < params.columns) {
    return weights[first + column * params.column_step];
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
  let row = i / 8u;
  let block = row / params.padded;
  let k = row - block * params.padded;
  let panel = block / params.taps;
  let group = panel / params.panels;
  let column = 32u * (panel - group * params.panels) + 4u * (i % 8u);
  let first = group * params.group_step + k * params.depth_step + block - panel * params.taps;
  var v = vec4f(0);
  if (k < params.depth) {
    v = vec4f(element(first, column), element(first, column + 1u), element(first, column + 2u), element(first, column + 3u));
  }
  packed[i] = v;
}
