// SGD with momentum as PyTorch's, in place: g' = g + weightDecay p, buffer = momentum buffer + g', p = p - rate buffer;
// hyper = [rate, momentum, weightDecay, unscale]; where unscale is not 0 the gradient is multiplied by it, and elements of
// it that are not finite count as 0.
struct Params {
  count: u32, // vec4s
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> p: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> gradient: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> buffer: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> hyper: array<vec4f>;

fn unscaled(g: vec4f, unscale: f32) -> vec4f {
  if (unscale == 0) {
    return g;
  }
  let finite = (bitcast<vec4u>(g) & vec4u(0x7f800000u)) != vec4u(0x7f800000u);
  return select(vec4f(0), unscale * g, finite);
}

fn each(i: u32) {
  let h = hyper[0];
  let old = p[i];
  let step = h.y * buffer[i] + (unscaled(gradient[i], h.w) + h.z * old);
  buffer[i] = step;
  p[i] = old - h.x * step;
}
