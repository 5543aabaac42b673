// y = s x, with the scalar s in an array of one element.
struct Params {
  count: u32, // vec4s
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> s: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;

fn each(i: u32) {
  let factor = s[0];
  y[i] = factor * x[i];
}
