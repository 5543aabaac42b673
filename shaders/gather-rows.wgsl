// y[r, c] = x[index[r] - first, c] where index[r] >= first, and as it was elsewhere; words copied bit for bit.
struct Params {
  count: u32, // vec4s
  size: u32, // elements of y
  width: u32,
  records: u32,
  first: u32, // row of the table at which x begins
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> index: array<u32>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4u>;

fn cell(e: u32) -> u32 {
  if (e >= params.size) {
    return 0u;
  }
  let r = divided(e, params.width);
  if (index[r] < params.first) {
    return y[e / 4u][e % 4u];
  }
  let row = min(index[r] - params.first, params.records - 1u);
  return x[row * params.width + (e - r * params.width)];
}

fn each(i: u32) {
  y[i] = vec4u(cell(4u * i), cell(4u * i + 1u), cell(4u * i + 2u), cell(4u * i + 3u));
}
