// part[g] = [sum d, sum d (x - mean)] of every column over the rows of chunk g, where d = dy where the normalised value
// y = a (x - mean) + beta lies between 0 and cap (everywhere where cap is 0). part is [chunks, 2, columns].
alias E = vec4f;
struct Params {
  rows: u32,
  columns: u32, // elements
  chunk: u32, // rows of a chunk
  chunks: u32,
  eps: f32,
  cap: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> x: array<E>;
@group(0) @binding(2) var<storage, read_write> dy: array<E>;
@group(0) @binding(3) var<storage, read_write> gamma: array<E>;
@group(0) @binding(4) var<storage, read_write> beta: array<E>;
@group(0) @binding(5) var<storage, read_write> mean: array<E>;
@group(0) @binding(6) var<storage, read_write> variance: array<E>;
@group(0) @binding(7) var<storage, read_write> part: array<E>;

fn along(c: u32, g: u32, start: u32, end: u32) {
  let a = gamma[c] / sqrt(variance[c] + params.eps);
  let m = mean[c];
  let b = beta[c];
  var sum = E(0);
  var products = E(0);
  for (var r = start; r < end; r++) {
    let i = r * params.columns + c;
    let centred = x[i] - m;
    var d = dy[i];
    if (params.cap > 0) {
      let y = a * centred + b;
      d = select(E(0), d, (y > E(0)) & (y < E(params.cap)));
    }
    sum += d;
    products += d * centred;
  }
  let at = 2u * g * params.columns + c;
  part[at] = sum;
  part[at + params.columns] = products;
}
