// dx = r (g - (sum g + h sum g h) / columns) along every row, g = gamma dy, h = (x - mean) r the normalised row.
// A lane takes its share of the rows first + k STEP, see row-totals.wgsl, which goes after this.
alias E = vec4f;
const size = 4u;
struct Params {
  rows: u32,
  columns: u32, // elements
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> x: array<E>;
@group(0) @binding(2) var<storage, read_write> dy: array<E>;
@group(0) @binding(3) var<storage, read_write> gamma: array<E>;
@group(0) @binding(4) var<storage, read_write> mean: array<f32>;
@group(0) @binding(5) var<storage, read_write> inverse: array<f32>;
@group(0) @binding(6) var<storage, read_write> dx: array<E>;

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let rows = params.rows;
  let first = (w.y * n.x + w.x) * ROWS * STEP + t / lanes;
  let end = select(0u, params.columns, first < rows);
  var start: array<u32, 4>;
  var m: array<f32, 4>;
  var r: array<f32, 4>;
  var sums: array<E, 8>;
  for (var k = 0u; k < ROWS; k++) {
    let row = min(first + k * STEP, rows - 1u);
    start[k] = row * params.columns;
    m[k] = mean[row];
    r[k] = inverse[row];
  }
  for (var c = t % lanes; c < end; c += lanes) {
    let a = gamma[c];
    for (var k = 0u; k < ROWS; k++) {
      let g = a * dy[start[k] + c];
      sums[2u * k] += g;
      sums[2u * k + 1u] += g * ((x[start[k] + c] - m[k]) * r[k]);
    }
  }
  let width = f32(params.columns * size);
  let all = totals(sums, t);
  var s: array<f32, 4>;
  var p: array<f32, 4>;
  for (var k = 0u; k < ROWS; k++) {
    s[k] = all[2u * k] / width;
    p[k] = all[2u * k + 1u] / width;
  }
  for (var c = t % lanes; c < end; c += lanes) {
    let a = gamma[c];
    for (var k = 0u; k < ROWS; k++) {
      if (first + k * STEP < rows) {
        let i = start[k] + c;
        dx[i] = r[k] * (a * dy[i] - s[k] - p[k] * ((x[i] - m[k]) * r[k]));
      }
    }
  }
}
