// Last lines of a matmul shader whose C is a weight's gradient, which is used and never stored: SGD as in sgd.wgsl,
// g = C + weightDecay p, buffer = momentum buffer + g, p = p - rate buffer; hyper = [rate, momentum, weightDecay, unused].
@group(0) @binding(3) var<storage, read_write> p: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> buffer: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> hyper: array<vec4f>;

var<private> h: vec4f;

fn start(column: u32) -> f32 {
  h = hyper[0];
  return 0;
}

fn finish(i: u32, v: f32) {
  let old = p[i / 4u][i % 4u];
  let next = h.y * buffer[i / 4u][i % 4u] + (v + h.z * old);
  buffer[i / 4u][i % 4u] = next;
  p[i / 4u][i % 4u] = old - h.x * next;
}

fn finish4(i: u32, v: vec4f) {
  let old = p[i];
  let next = h.y * buffer[i] + (v + h.z * old);
  buffer[i] = next;
  p[i] = old - h.x * next;
}
