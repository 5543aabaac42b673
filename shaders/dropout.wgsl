// y = scale x where the bits drawn for the element reach `threshold`, else 0.
// The bits of element e are mix(mix(e) + stream), stream = mix(seed + mix(step + mix(key))), random = [seed, step], with
// a mixing function of 32 bits (C. Wellons' lowbias32).
struct Params {
  count: u32, // vec4s
  key: u32,
  threshold: u32,
  scale: f32,
  first: u32, // place of x's first element in the array that x is a part of
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> random: array<u32>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;

fn mix4(v: vec4u) -> vec4u {
  var z = (v ^ (v >> vec4u(16u))) * 0x21f0aaadu;
  z = (z ^ (z >> vec4u(15u))) * 0x735a2d97u;
  return z ^ (z >> vec4u(15u));
}

fn each(i: u32) {
  let stream = mix4(random[0] + mix4(random[1] + mix4(vec4u(params.key))));
  let bits = mix4(mix4(params.first + 4u * i + vec4u(0u, 1u, 2u, 3u)) + stream);
  y[i] = select(vec4f(0), params.scale * x[i], bits >= vec4u(params.threshold));
}
