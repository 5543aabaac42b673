// grad_ij = scale shares_ij (dy_i . v_j - delta_i) for every head of every image of the pass: the cotangent of q_i . k_j.
// dy is [batch, tokens, heads, quads], qkv [batch, tokens, 3, heads, quads], delta [batch, heads, tokens], shares and grad
// [images, heads, tokens, tiles]; attention-tile.wgsl comes after this.
@group(0) @binding(1) var<storage, read_write> dy: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> qkv: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> delta: array<f32>;
@group(0) @binding(4) var<storage, read_write> shares: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> grad: array<vec4f>;

fn left(i: u32) -> vec4f {
  return dy[i];
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
  let a = tokens_from(tile, tile.i) * width + tile.head * params.quads;
  let b = tokens_from(tile, tile.j) * (3u * width) + (2u * params.heads + tile.head) * params.quads;
  let s = products(a, b);
  let real = real_columns(tile);
  for (var r = 0u; r < 4u && tile.i + r < params.tokens; r++) {
    let cell = cell_of(tile, r);
    let own = delta[(params.first * params.heads + tile.matrix) * params.tokens + tile.i + r];
    grad[cell] = select(vec4f(0), params.scale * shares[cell] * (s[r] - own), real);
  }
}
