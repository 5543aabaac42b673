// a and b = the sums over the chunks of part [chunks, 2, columns], always in the same order.
// Workgroup c takes column c: lane t adds the chunks t, t + 64, ..., then the lanes are added pairwise.
alias E = vec4f;
struct Params {
  rows: u32,
  columns: u32, // elements
  chunk: u32,
  chunks: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> part: array<E>;
@group(0) @binding(2) var<storage, read_write> a: array<E>;
@group(0) @binding(3) var<storage, read_write> b: array<E>;

var<workgroup> first: array<E, 64>;
var<workgroup> second: array<E, 64>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let c = w.y * n.x + w.x;
  let width = params.columns;
  let chunks = select(0u, params.chunks, c < width);
  var sumA = E(0);
  var sumB = E(0);
  for (var g = t; g < chunks; g += 64u) {
    let at = 2u * g * width + c;
    sumA += part[at];
    sumB += part[at + width];
  }
  first[t] = sumA;
  second[t] = sumB;
  for (var s = 32u; s > 0u; s >>= 1u) {
    workgroupBarrier();
    if (t < s) {
      first[t] += first[t + s];
      second[t] += second[t + s];
    }
  }
  if (t == 0u && c < width) {
    a[c] = first[0];
    b[c] = second[0];
  }
}
