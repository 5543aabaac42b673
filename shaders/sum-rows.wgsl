// y[g, c] = sum over the rows r of chunk g of x[r, c].
alias E = vec4f;
struct Params {
  rows: u32,
  columns: u32, // elements
  chunk: u32, // rows of a chunk
  chunks: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> x: array<E>;
@group(0) @binding(2) var<storage, read_write> y: array<E>;

fn along(c: u32, g: u32, start: u32, end: u32) {
  let columns = params.columns;
  var sum = E(0);
  for (var i = start * columns + c; i < end * columns; i += columns) {
    sum += x[i];
  }
  y[g * columns + c] = sum;
}
