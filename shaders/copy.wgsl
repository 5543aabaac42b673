// y = x, bit for bit.
struct Params {
  count: u32, // vec4s
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> x: array<vec4u>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4u>;

fn each(i: u32) {
  y[i] = x[i];
}
