// shares = exp(scores - lse) in place, 0 past the last token: what backward needs of a softmax that forward has done.
// scores is [images, heads, tokens, tiles], lse [batch, heads, tokens].
// A lane takes a vec4.
@group(0) @binding(1) var<storage, read_write> scores: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> lse: array<f32>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let lane = 64u * (w.y * n.x + w.x) + t;
  let row = lane / params.tiles;
  if (row >= params.images * params.heads * params.tokens) {
    return;
  }
  let column = 4u * (lane - row * params.tiles) + vec4u(0u, 1u, 2u, 3u);
  let own = lse[params.first * params.heads * params.tokens + row];
  scores[lane] = select(vec4f(0), exp(scores[lane] - own), column < vec4u(params.tokens));
}
