// part[g] = [sum dy (x - mean) r, sum dy] of every column over the rows of chunk g, with each row's mean and r.
// part is [chunks, 2, columns].
alias E = vec4f;
struct Params {
  rows: u32,
  columns: u32, // elements
  chunk: u32, // rows of a chunk
  chunks: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> x: array<E>;
@group(0) @binding(2) var<storage, read_write> dy: array<E>;
@group(0) @binding(3) var<storage, read_write> mean: array<f32>;
@group(0) @binding(4) var<storage, read_write> inverse: array<f32>;
@group(0) @binding(5) var<storage, read_write> part: array<E>;

fn along(c: u32, g: u32, start: u32, end: u32) {
  var products = E(0);
  var sum = E(0);
  for (var r = start; r < end; r++) {
    let i = r * params.columns + c;
    products += dy[i] * ((x[i] - mean[r]) * inverse[r]);
    sum += dy[i];
  }
  let at = 2u * g * params.columns + c;
  part[at] = products;
  part[at + params.columns] = sum;
}
