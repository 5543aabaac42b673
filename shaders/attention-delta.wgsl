// delta = y_i . dy_i for every head of every image; y and dy are [batch, tokens, heads, quads], delta [batch, heads,
// tokens].
// A lane takes one of delta.
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> dy: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> delta: array<f32>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let lane = 64u * (w.y * n.x + w.x) + t;
  let head = lane / params.tokens % params.heads;
  let image = lane / params.tokens / params.heads;
  if (image >= params.images) {
    return;
  }
  let token = image * params.tokens + lane % params.tokens;
  let start = (token * params.heads + head) * params.quads;
  var sum = 0.0;
  for (var c = start; c < start + params.quads; c++) {
    sum += dot(y[c], dy[c]);
  }
  delta[lane] = sum;
}
