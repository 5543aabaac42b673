// y[place + i] = x[skip + i] for i < count, bit for bit.
alias U = vec4u;
struct Params {
  count: u32, // elements
  skip: u32, // elements of x before the first
  place: u32, // elements of y before it
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> x: array<U>;
@group(0) @binding(2) var<storage, read_write> y: array<U>;

fn each(i: u32) {
  y[params.place + i] = x[params.skip + i];
}
