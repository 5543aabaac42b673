// mean, variance (M2 / n) and count of every column from the chunks' [n, mean, M2], after Chan, Golub and LeVeque (1983):
//   mean = sum n_g mean_g / n,  M2 = sum M2_g + n_g (mean_g - mean)^2.
// Workgroup c takes column c: lane t joins the chunks t, t + 64, ..., then the lanes are joined pairwise.
alias E = vec4f;
struct Params {
  rows: u32,
  columns: u32, // elements
  chunk: u32,
  chunks: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> part: array<E>;
@group(0) @binding(2) var<storage, read_write> mean: array<E>;
@group(0) @binding(3) var<storage, read_write> variance: array<E>;
@group(0) @binding(4) var<storage, read_write> count: array<E>;

var<workgroup> counts: array<E, 64>;
var<workgroup> means: array<E, 64>;
var<workgroup> squares: array<E, 64>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let c = w.y * n.x + w.x;
  let width = params.columns;
  let chunks = select(0u, params.chunks, c < width);
  var total = E(0);
  var sum = E(0);
  for (var g = t; g < chunks; g += 64u) {
    let at = 3u * g * width + c;
    total += part[at];
    sum += part[at] * part[at + width];
  }
  let own = sum / max(total, E(1));
  var m2 = E(0);
  for (var g = t; g < chunks; g += 64u) {
    let at = 3u * g * width + c;
    let d = part[at + width] - own;
    m2 += part[at + 2u * width] + part[at] * d * d;
  }
  counts[t] = total;
  means[t] = own;
  squares[t] = m2;
  for (var s = 32u; s > 0u; s >>= 1u) {
    workgroupBarrier();
    if (t < s) {
      let d = means[t + s] - means[t];
      let share = counts[t + s] / max(counts[t] + counts[t + s], E(1));
      squares[t] += squares[t + s] + d * d * counts[t] * share;
      means[t] += d * share;
      counts[t] += counts[t + s];
    }
  }
  if (t == 0u && c < width) {
    mean[c] = means[0];
    variance[c] = squares[0] / max(counts[0], E(1));
    if (c == 0u) {
      count[0] = counts[0];
    }
  }
}
