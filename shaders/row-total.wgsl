// Lines shared by shaders in which each `lanes` neighbouring lanes, a power of two and at most 64, take a row of E.
override lanes: u32 = 1u;

var<workgroup> part: array<E, 64>;

// A row's sum of what its lanes hold, and of each one's numbers.
fn total(v: E, t: u32) -> f32 {
  var sum = v;
  if (lanes > 1u) {
    workgroupBarrier();
    part[t] = v;
    for (var s = lanes / 2u; s > 0u; s >>= 1u) {
      workgroupBarrier();
      if (t % lanes < s) {
        part[t] += part[t + s];
      }
    }
    workgroupBarrier();
    sum = part[t - t % lanes];
  }
  return dot(vec4f(sum), vec4f(f32(size) / 4));
}
