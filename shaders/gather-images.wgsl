// y[r, e] = scale[e mod channels] p + shift[e mod channels] where index[r] >= first, with p the byte e of record
// index[r] - first; as it was elsewhere. Bytes lie four to a word, the first in the lowest bits, records start at whole
// words, channels are last.
struct Params {
  count: u32, // vec4s
  size: u32, // elements of y
  features: u32,
  rowWords: u32,
  records: u32,
  channels: u32,
  first: u32, // record of the table at which data begins
  scale: vec4f,
  shift: vec4f,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> data: array<u32>;
@group(0) @binding(2) var<storage, read_write> index: array<u32>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;

fn word(r: u32, column: u32) -> u32 {
  return data[min(index[r] - params.first, params.records - 1u) * params.rowWords + column / 4u];
}

fn bytes(four: u32) -> vec4f {
  return vec4f((vec4u(four) >> vec4u(0u, 8u, 16u, 24u)) & vec4u(255u));
}

fn pixel(e: u32) -> f32 {
  if (e >= params.size) {
    return 0;
  }
  let r = divided(e, params.features);
  if (index[r] < params.first) {
    return y[e / 4u][e % 4u];
  }
  let column = e - r * params.features;
  let c = column % params.channels;
  return params.scale[c] * bytes(word(r, column))[column % 4u] + params.shift[c];
}

// Four pixels of one word, where rows are whole words.
fn quad(e: u32) -> vec4f {
  let r = divided(e, params.features);
  if (index[r] < params.first) {
    return y[e / 4u];
  }
  let column = e - r * params.features;
  let p = bytes(word(r, column));
  if (params.channels == 1u) {
    return params.scale.x * p + params.shift.x;
  }
  let c = (vec4u(column % params.channels) + vec4u(0u, 1u, 2u, 3u)) % params.channels;
  let scale = vec4f(params.scale[c.x], params.scale[c.y], params.scale[c.z], params.scale[c.w]);
  let shift = vec4f(params.shift[c.x], params.shift[c.y], params.shift[c.z], params.shift[c.w]);
  return scale * p + shift;
}

fn each(i: u32) {
  let e = 4u * i;
  if (params.features % 4u == 0u) {
    y[i] = quad(e);
  } else {
    y[i] = vec4f(pixel(e), pixel(e + 1u), pixel(e + 2u), pixel(e + 3u));
  }
}
