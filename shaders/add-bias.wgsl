// y[r, c] = x[r, c] + b[c].
alias E = vec4f;
struct Params {
  rows: u32,
  columns: u32, // elements
  chunk: u32, // rows of a chunk
  chunks: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> x: array<E>;
@group(0) @binding(2) var<storage, read_write> b: array<E>;
@group(0) @binding(3) var<storage, read_write> y: array<E>;

fn along(c: u32, g: u32, start: u32, end: u32) {
  let bias = b[c];
  let columns = params.columns;
  for (var i = start * columns + c; i < end * columns; i += columns) {
    y[i] = x[i] + bias;
  }
}
