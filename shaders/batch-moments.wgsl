// part[g] = [n, mean, M2] of every column over the rows of chunk g whose image has a weight above 0; M2 is the sum of
// squared differences from the chunk's mean, gathered from differences to its first row. part is [chunks, 3, columns].
alias E = vec4f;
struct Params {
  rows: u32,
  columns: u32, // elements
  chunk: u32, // rows of a chunk
  chunks: u32,
  span: u32, // rows of an image
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> x: array<E>;
@group(0) @binding(2) var<storage, read_write> weights: array<f32>;
@group(0) @binding(3) var<storage, read_write> part: array<E>;

fn along(c: u32, g: u32, start: u32, end: u32) {
  var image = divided(start, params.span);
  var next = (image + 1u) * params.span;
  var counts = weights[image] > 0;
  var count = 0.0;
  var shift = E(0);
  var sum = E(0);
  var squares = E(0);
  for (var r = start; r < end; r++) {
    if (r == next) {
      image++;
      next += params.span;
      counts = weights[image] > 0;
    }
    if (counts) {
      let v = x[r * params.columns + c];
      shift = select(shift, v, count == 0);
      let d = v - shift;
      count += 1;
      sum += d;
      squares += d * d;
    }
  }
  let mean = sum / max(count, 1);
  let at = 3u * g * params.columns + c;
  part[at] = E(count);
  part[at + params.columns] = shift + mean;
  part[at + 2u * params.columns] = max(squares - sum * mean, E(0));
}
