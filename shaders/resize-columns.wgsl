// y[r, c] = x[r, c + shift] where x has that column, else 0; shift wraps around, so that it may be negative.
alias E = vec4f;
struct Params {
  rows: u32,
  columns: u32, // elements of y's rows
  chunk: u32, // rows of a chunk
  chunks: u32,
  before: u32, // elements of x's rows
  shift: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> x: array<E>;
@group(0) @binding(2) var<storage, read_write> y: array<E>;

fn along(c: u32, g: u32, start: u32, end: u32) {
  let own = c + params.shift;
  for (var r = start; r < end; r++) {
    var v = E(0);
    if (own < params.before) {
      v = x[r * params.before + own];
    }
    y[r * params.columns + c] = v;
  }
}
