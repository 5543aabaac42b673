// y[r, start + c] = x[r, c]: the columns of x among those of y; the others stay as they are.
alias E = vec4f;
struct Params {
  rows: u32,
  columns: u32, // elements of x's rows
  chunk: u32, // rows of a chunk
  chunks: u32,
  width: u32, // elements of y's rows
  start: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> x: array<E>;
@group(0) @binding(2) var<storage, read_write> y: array<E>;

fn along(c: u32, g: u32, start: u32, end: u32) {
  for (var r = start; r < end; r++) {
    y[r * params.width + params.start + c] = x[r * params.columns + c];
  }
}
