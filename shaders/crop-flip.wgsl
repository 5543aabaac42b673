// y[b, r, q, c] = x[b, r + dy, q' + dx, c], margin[c] outside of the image; q' = q, or width - 1 - q where it is mirrored.
// An image draws bits = mix(mix(first + b) + stream), stream = mix(seed + mix(step + mix(key))), random = [seed, step], with a
// mixing function of 32 bits (C. Wellons' lowbias32): bit 0 mirrors, bits 1-15 draw dy, bits 16-31 dx, in -reach .. reach.
struct Params {
  count: u32, // vec4s
  size: u32, // elements of x and y
  features: u32, // of an image: height width channels
  width: u32,
  channels: u32,
  reach: u32,
  key: u32,
  first: u32, // place in the batch of x's first image
  margin: vec4f,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> random: array<u32>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;

fn mix32(v: u32) -> u32 {
  var z = (v ^ (v >> 16u)) * 0x21f0aaadu;
  z = (z ^ (z >> 15u)) * 0x735a2d97u;
  return z ^ (z >> 15u);
}

fn moved(e: u32, stream: u32) -> f32 {
  if (e >= params.size) {
    return 0;
  }
  let b = e / params.features;
  let place = e - b * params.features;
  let bits = mix32(mix32(params.first + b) + stream);
  let ways = 2u * params.reach + 1u;
  let dy = i32((((bits >> 1u) & 32767u) * ways) >> 15u) - i32(params.reach);
  let dx = i32(((bits >> 16u) * ways) >> 16u) - i32(params.reach);
  let pixel = place / params.channels;
  let c = place - pixel * params.channels;
  let row = pixel / params.width;
  let column = pixel - row * params.width;
  let fromRow = i32(row) + dy;
  let fromColumn = select(i32(column), i32(params.width - 1u - column), (bits & 1u) == 1u) + dx;
  let height = i32(params.features / (params.channels * params.width));
  let width = i32(params.width);
  if (fromRow < 0 || fromRow >= height || fromColumn < 0 || fromColumn >= width) {
    return params.margin[c];
  }
  let first = b * params.features;
  return x[first + u32(fromRow * width + fromColumn) * params.channels + c];
}

fn each(i: u32) {
  let stream = mix32(random[0] + mix32(random[1] + mix32(params.key)));
  let e = 4u * i;
  y[i] = vec4f(
    moved(e, stream),
    moved(e + 1u, stream),
    moved(e + 2u, stream),
    moved(e + 3u, stream),
  );
}
