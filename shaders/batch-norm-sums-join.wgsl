// dbeta = sum d and dgamma = sum d (x - mean) / sqrt(variance + eps) of every column from the chunks' parts; and
// factors = [a, dbeta / count, dgamma / (count sqrt(variance + eps))], a = gamma / sqrt(variance + eps), for the rows' dx.
// Workgroup c takes column c: lane t adds the chunks t, t + 64, ..., then the lanes are added pairwise.
alias E = vec4f;
struct Params {
  rows: u32,
  columns: u32, // elements
  chunk: u32,
  chunks: u32,
  eps: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> part: array<E>;
@group(0) @binding(2) var<storage, read_write> gamma: array<E>;
@group(0) @binding(3) var<storage, read_write> variance: array<E>;
@group(0) @binding(4) var<storage, read_write> count: array<f32>;
@group(0) @binding(5) var<storage, read_write> dgamma: array<E>;
@group(0) @binding(6) var<storage, read_write> dbeta: array<E>;
@group(0) @binding(7) var<storage, read_write> factors: array<E>;

var<workgroup> sums: array<E, 64>;
var<workgroup> products: array<E, 64>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let c = w.y * n.x + w.x;
  let width = params.columns;
  let chunks = select(0u, params.chunks, c < width);
  var sum = E(0);
  var product = E(0);
  for (var g = t; g < chunks; g += 64u) {
    let at = 2u * g * width + c;
    sum += part[at];
    product += part[at + width];
  }
  sums[t] = sum;
  products[t] = product;
  for (var s = 32u; s > 0u; s >>= 1u) {
    workgroupBarrier();
    if (t < s) {
      sums[t] += sums[t + s];
      products[t] += products[t + s];
    }
  }
  if (t == 0u && c < width) {
    let root = sqrt(variance[c] + params.eps);
    let total = max(count[0], 1);
    dbeta[c] = sums[0];
    dgamma[c] = products[0] / root;
    factors[c] = gamma[c] / root;
    factors[c + width] = sums[0] / total;
    factors[c + 2u * width] = products[0] / root / root / total;
  }
}
