// y[g] = sum of a b over chunk g of `chunk` elements; chunk-sum.wgsl comes after this.
struct Params {
  size: u32,
  chunk: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> a: array<f32>;
@group(0) @binding(2) var<storage, read_write> b: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

fn term(i: u32) -> f32 {
  return a[i] * b[i];
}
