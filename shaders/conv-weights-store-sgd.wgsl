// Last lines of conv-weights-sum.wgsl where the gradient is used and never stored: SGD as in sgd.wgsl, g = dw +
// weightDecay p, buffer = momentum buffer + g, p = p - rate buffer; hyper = [rate, momentum, weightDecay, unscale].
@group(0) @binding(2) var<storage, read_write> p: array<f32>;
@group(0) @binding(3) var<storage, read_write> buffer: array<f32>;
@group(0) @binding(4) var<storage, read_write> hyper: array<vec4f>;

fn unscaled(g: f32, unscale: f32) -> f32 {
  if (unscale == 0) {
    return g;
  }
  return select(0.0, unscale * g, (bitcast<u32>(g) & 0x7f800000u) != 0x7f800000u);
}

fn finish(i: u32, v: f32) {
  let h = hyper[0];
  let old = p[i];
  let next = h.y * buffer[i] + (unscaled(v, h.w) + h.z * old);
  buffer[i] = next;
  p[i] = old - h.x * next;
}
