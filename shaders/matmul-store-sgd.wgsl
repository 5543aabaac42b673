// Last lines of a matmul shader whose C is a weight's gradient, which is used and never stored: SGD as in sgd.wgsl,
// g = C + weightDecay p, buffer = momentum buffer + g, p = p - rate buffer; hyper = [rate, momentum, weightDecay, unscale].
@group(0) @binding(3) var<storage, read_write> p: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> buffer: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> hyper: array<vec4f>;

fn unscaled4(g: vec4f, unscale: f32) -> vec4f {
  if (unscale == 0) {
    return g;
  }
  let finite = (bitcast<vec4u>(g) & vec4u(0x7f800000u)) != vec4u(0x7f800000u);
  return select(vec4f(0), unscale * g, finite);
}

fn unscaled(g: f32, unscale: f32) -> f32 {
  return unscaled4(vec4f(g), unscale).x;
}

var<private> h: vec4f;

fn start(column: u32) -> f32 {
  h = hyper[0];
  return 0;
}

fn finish(i: u32, v: f32) {
  let old = p[i / 4u][i % 4u];
  let next = h.y * buffer[i / 4u][i % 4u] + (unscaled(v, h.w) + h.z * old);
  buffer[i / 4u][i % 4u] = next;
  p[i / 4u][i % 4u] = old - h.x * next;
}

fn finish4(i: u32, v: vec4f) {
  let old = p[i];
  let next = h.y * buffer[i] + (unscaled4(v, h.w) + h.z * old);
  buffer[i] = next;
  p[i] = old - h.x * next;
}
