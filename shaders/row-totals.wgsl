// Lines shared by shaders that take ROWS rows (at most 4) at a time by each `lanes` neighbouring lanes, a power of two: what
// belongs to a column is loaded once for all of them. Neighbouring rows go to neighbouring lanes, hence STEP.
override LANES: u32 = 64u;
override ROWS: u32 = 1u;
override lanes: u32 = 1u;
override STEP: u32 = LANES / lanes;

var<workgroup> part: array<E, 2u * ROWS * LANES>;

fn numbers(v: E) -> f32 {
  return dot(vec4f(v), vec4f(f32(size) / 4));
}

// Two sums a row, 2 k and 2 k + 1 of row k: over what its lanes hold, and over each one's numbers.
fn totals(v: array<E, 8>, t: u32) -> array<f32, 8> {
  var sums: array<f32, 8>;
  if (lanes == 1u) {
    for (var q = 0u; q < 2u * ROWS; q++) {
      sums[q] = numbers(v[q]);
    }
    return sums;
  }
  for (var q = 0u; q < 2u * ROWS; q++) {
    part[q * LANES + t] = v[q];
  }
  for (var s = lanes / 2u; s > 0u; s >>= 1u) {
    workgroupBarrier();
    if (t % lanes < s) {
      for (var q = 0u; q < 2u * ROWS; q++) {
        part[q * LANES + t] += part[q * LANES + t + s];
      }
    }
  }
  workgroupBarrier();
  for (var q = 0u; q < 2u * ROWS; q++) {
    sums[q] = numbers(part[q * LANES + t - t % lanes]);
  }
  return sums;
}
