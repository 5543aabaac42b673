// Lines shared by shaders in which workgroup c takes column c of part [chunks, 2, columns]: both sums over the chunks, always
// in the same order. Lane t adds the chunks t, t + 64, ..., then the lanes are added pairwise.
struct Sums {
  a: E,
  b: E,
}

var<workgroup> lanes: array<Sums, 64>;

// The sums of column c; in lane 0 alone.
fn sums_of(c: u32, t: u32) -> Sums {
  let width = params.columns;
  let chunks = select(0u, params.chunks, c < width);
  var sums = Sums(E(0), E(0));
  for (var g = t; g < chunks; g += 64u) {
    let at = 2u * g * width + c;
    sums.a += part[at];
    sums.b += part[at + width];
  }
  lanes[t] = sums;
  for (var s = 32u; s > 0u; s >>= 1u) {
    workgroupBarrier();
    if (t < s) {
      lanes[t].a += lanes[t + s].a;
      lanes[t].b += lanes[t + s].b;
    }
  }
  return lanes[t];
}
