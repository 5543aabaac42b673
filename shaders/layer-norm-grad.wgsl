// dx = r (g - (sum g + h sum g h) / columns) along every row, g = gamma dy, h = (x - mean) r the normalised row.
// `lanes` neighbouring lanes (a power of two, at most 64) share a row: 64 / lanes rows a workgroup.
alias E = vec4f;
const size = 4u;
struct Params {
  rows: u32,
  columns: u32, // elements
}
override lanes: u32 = 1u;
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> x: array<E>;
@group(0) @binding(2) var<storage, read_write> dy: array<E>;
@group(0) @binding(3) var<storage, read_write> gamma: array<E>;
@group(0) @binding(4) var<storage, read_write> mean: array<f32>;
@group(0) @binding(5) var<storage, read_write> inverse: array<f32>;
@group(0) @binding(6) var<storage, read_write> dx: array<E>;

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

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let row = (w.y * n.x + w.x) * (64u / lanes) + t / lanes;
  let real = row < params.rows;
  let start = row * params.columns;
  let end = select(start, start + params.columns, real);
  let first = start + t % lanes;

  let width = f32(params.columns * size);
  let m = mean[min(row, params.rows - 1u)];
  let r = inverse[min(row, params.rows - 1u)];
  var sum = E(0);
  var products = E(0);
  for (var i = first; i < end; i += lanes) {
    let g = gamma[i - start] * dy[i];
    sum += g;
    products += g * ((x[i] - m) * r);
  }
  let s = total(sum, t) / width;
  let p = total(products, t) / width;
  for (var i = first; i < end; i += lanes) {
    let g = gamma[i - start] * dy[i];
    dx[i] = r * (g - s - p * ((x[i] - m) * r));
  }
}
