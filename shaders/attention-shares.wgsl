// shares = softmax of every row of scores, in place, 0 past the last token; lse is the logarithm of its denominator.
// scores is [images, heads, tokens, tiles], lse [batch, heads, tokens].
// A lane takes a row.
@group(0) @binding(1) var<storage, read_write> scores: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> lse: array<f32>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let lane = 64u * (w.y * n.x + w.x) + t;
  if (lane >= params.images * params.heads * params.tokens) {
    return;
  }
  let start = lane * params.tiles;
  let end = start + params.tiles;
  let past = vec4u(0u, 1u, 2u, 3u) + 4u * (params.tiles - 1u) >= vec4u(params.tokens);
  var top = select(scores[end - 1u], vec4f(-0x1.fffffep+127f), past);
  for (var c = start; c < end - 1u; c++) {
    top = max(top, scores[c]);
  }
  let most = max(max(top.x, top.y), max(top.z, top.w));
  var sum = select(exp(scores[end - 1u] - most), vec4f(0), past);
  for (var c = start; c < end - 1u; c++) {
    sum += exp(scores[c] - most);
  }
  let total = sum.x + sum.y + sum.z + sum.w;
  for (var c = start; c < end; c++) {
    scores[c] = exp(scores[c] - most) / total;
  }
  scores[end - 1u] = select(scores[end - 1u], vec4f(0), past);
  lse[params.first * params.heads * params.tokens + lane] = most + log(total);
}
