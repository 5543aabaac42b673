// y = value.
struct Params {
  count: u32, // vec4s
  value: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;

fn each(i: u32) {
  y[i] = vec4f(params.value);
}
