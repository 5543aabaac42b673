// y[g] = sum of term(i) over chunk g of `chunk` elements, always in the same order; the text before this has `term`, params
// and y. One workgroup to a chunk: lane t adds the terms t, t + 64, ... of it, then the lanes are added pairwise.
var<workgroup> part: array<f32, 64>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let g = w.y * n.x + w.x;
  let end = min((g + 1u) * params.chunk, params.size);
  var sum = 0.0;
  for (var i = g * params.chunk + t; i < end; i += 64u) {
    sum += term(i);
  }
  part[t] = sum;
  for (var s = 32u; s > 0u; s >>= 1u) {
    workgroupBarrier();
    if (t < s) {
      part[t] += part[t + s];
    }
  }
  if (t == 0u && g * params.chunk < params.size) {
    y[g] = part[0];
  }
}
