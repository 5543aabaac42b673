// dx = a (d - real (s + p (x - mean))) with [a, s, p] the columns' factors, d = dy where the normalised value
// a (x - mean) + beta lies between 0 and cap (everywhere where cap is 0), and real = 1 in rows whose image has a weight
// above 0, else 0.
alias E = vec4f;
struct Params {
  rows: u32,
  columns: u32, // elements
  chunk: u32, // rows of a chunk
  chunks: u32,
  span: u32, // rows of an image
  cap: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> x: array<E>;
@group(0) @binding(2) var<storage, read_write> dy: array<E>;
@group(0) @binding(3) var<storage, read_write> beta: array<E>;
@group(0) @binding(4) var<storage, read_write> mean: array<E>;
@group(0) @binding(5) var<storage, read_write> factors: array<E>;
@group(0) @binding(6) var<storage, read_write> weights: array<f32>;
@group(0) @binding(7) var<storage, read_write> dx: array<E>;

fn along(c: u32, g: u32, start: u32, end: u32) {
  let m = mean[c];
  let b = beta[c];
  let a = factors[c];
  let s = factors[c + params.columns];
  let p = factors[c + 2u * params.columns];
  var image = divided(start, params.span);
  var next = (image + 1u) * params.span;
  var real = select(0.0, 1.0, weights[image] > 0);
  for (var r = start; r < end; r++) {
    if (r == next) {
      image++;
      next += params.span;
      real = select(0.0, 1.0, weights[image] > 0);
    }
    let i = r * params.columns + c;
    let centred = x[i] - m;
    var d = dy[i];
    if (params.cap > 0) {
      let y = a * centred + b;
      d = select(E(0), d, (y > E(0)) & (y < E(params.cap)));
    }
    dx[i] = a * (d - real * (s + p * centred));
  }
}
