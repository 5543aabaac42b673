// y = f(x), vec4 by vec4; the text before this has `f`, over-vec4s.wgsl comes after it.
struct Params {
  count: u32, // vec4s
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;

fn each(i: u32) {
  y[i] = f(x[i]);
}
