// scores_ij = scale q_i . k_j for every head of every image of the pass, 0 past the last token.
// qkv is [batch, tokens, 3, heads, quads], scores [images, heads, tokens, tiles]; attention-tile.wgsl comes after this.
@group(0) @binding(1) var<storage, read_write> qkv: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> scores: array<vec4f>;

fn left(i: u32) -> vec4f {
  return qkv[i];
}

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let tile = tile_of(64u * (w.y * n.x + w.x) + t);
  if (tile.image >= params.images) {
    return;
  }
  let width = params.heads * params.quads;
  let a = tokens_from(tile, tile.i) * (3u * width) + tile.head * params.quads;
  let b = tokens_from(tile, tile.j) * (3u * width) + (params.heads + tile.head) * params.quads;
  let s = products(a, b);
  let real = real_columns(tile);
  for (var r = 0u; r < 4u && tile.i + r < params.tokens; r++) {
    scores[cell_of(tile, r)] = select(vec4f(0), params.scale * s[r], real);
  }
}
