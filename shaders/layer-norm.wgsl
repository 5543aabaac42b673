// y = gamma (x - mean) r + beta along every row, mean its mean, r = 1 / sqrt(variance + eps), variance its biased one.
// One pass takes both moments, of x less the mean of four elements of the row, so that their difference keeps its digits.
// A lane takes its share of the rows first + k STEP, see row-totals.wgsl, which goes after this.
alias E = vec4f;
const size = 4u;
struct Params {
  rows: u32,
  columns: u32, // elements
  eps: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> x: array<E>;
@group(0) @binding(2) var<storage, read_write> gamma: array<E>;
@group(0) @binding(3) var<storage, read_write> beta: array<E>;
@group(0) @binding(4) var<storage, read_write> y: array<E>;
@group(0) @binding(5) var<storage, read_write> mean: array<f32>;
@group(0) @binding(6) var<storage, read_write> inverse: array<f32>;

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let rows = params.rows;
  let first = (w.y * n.x + w.x) * ROWS * STEP + t / lanes;
  let end = select(0u, params.columns, first < rows);
  let quarter = params.columns / 4u;
  var start: array<u32, 4>;
  var shift: array<f32, 4>;
  var sums: array<E, 8>;
  for (var k = 0u; k < ROWS; k++) {
    start[k] = min(first + k * STEP, rows - 1u) * params.columns;
    let i = start[k];
    shift[k] = numbers(x[i] + x[i + quarter] + x[i + 2u * quarter] + x[i + 3u * quarter]) / f32(4u * size);
  }
  for (var c = t % lanes; c < end; c += lanes) {
    for (var k = 0u; k < ROWS; k++) {
      let d = x[start[k] + c] - shift[k];
      sums[2u * k] += d;
      sums[2u * k + 1u] += d * d;
    }
  }
  let width = f32(params.columns * size);
  var m: array<f32, 4>;
  var r: array<f32, 4>;
  let moments = totals(sums, t);
  for (var k = 0u; k < ROWS; k++) {
    let d = moments[2u * k] / width;
    m[k] = shift[k] + d;
    r[k] = 1 / sqrt(max(moments[2u * k + 1u] / width - d * d, 0) + params.eps);
  }
  for (var c = t % lanes; c < end; c += lanes) {
    let a = gamma[c];
    let b = beta[c];
    for (var k = 0u; k < ROWS; k++) {
      if (first + k * STEP < rows) {
        y[start[k] + c] = a * ((x[start[k] + c] - m[k]) * r[k]) + b;
      }
    }
  }
  for (var k = 0u; k < ROWS; k++) {
    if (first + k * STEP < rows && t % lanes == 0u) {
      mean[first + k * STEP] = m[k];
      inverse[first + k * STEP] = r[k];
    }
  }
}
