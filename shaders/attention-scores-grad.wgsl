// grad_ij = scale shares_ij (dy_i . v_j - delta_i) for every head of every image of the pass: the cotangent of q_i . k_j.
// dy is [batch, tokens, heads, quads], qkv [batch, tokens, 3, heads, quads], delta [batch, heads, tokens], shares and grad
// [images, heads, tokens, tiles].
// A lane takes 4 x 4 of them.
struct Params {
  images: u32, // of this pass
  first: u32, // image of the batch at which it starts
  tokens: u32,
  tiles: u32, // vec4s of a row of a matrix: tokens / 4, rounded up
  heads: u32,
  quads: u32, // vec4s of a head
  scale: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> dy: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> qkv: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> delta: array<f32>;
@group(0) @binding(4) var<storage, read_write> shares: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> grad: array<vec4f>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let lane = 64u * (w.y * n.x + w.x) + t;
  let tiles = params.tiles;
  let j = 4u * (lane % tiles);
  let i = 4u * (lane / tiles % tiles);
  let matrix = lane / tiles / tiles;
  let head = matrix % params.heads;
  let image = matrix / params.heads;
  if (image >= params.images) {
    return;
  }
  let last = vec4u(params.tokens - 1u);
  let rows = min(vec4u(i, i + 1u, i + 2u, i + 3u), last);
  let columns = min(vec4u(j, j + 1u, j + 2u, j + 3u), last);
  let real = vec4u(j, j + 1u, j + 2u, j + 3u) <= last;
  let width = params.heads * params.quads;
  let token = (params.first + image) * params.tokens;
  let a = (token + rows) * width + head * params.quads;
  let b = (token + columns) * (3u * width) + (2u * params.heads + head) * params.quads;
  var s0 = vec4f(0);
  var s1 = vec4f(0);
  var s2 = vec4f(0);
  var s3 = vec4f(0);
  for (var c = 0u; c < params.quads; c++) {
    let a0 = dy[a.x + c];
    let a1 = dy[a.y + c];
    let a2 = dy[a.z + c];
    let a3 = dy[a.w + c];
    let b0 = qkv[b.x + c];
    let b1 = qkv[b.y + c];
    let b2 = qkv[b.z + c];
    let b3 = qkv[b.w + c];
    s0 += vec4f(dot(a0, b0), dot(a0, b1), dot(a0, b2), dot(a0, b3));
    s1 += vec4f(dot(a1, b0), dot(a1, b1), dot(a1, b2), dot(a1, b3));
    s2 += vec4f(dot(a2, b0), dot(a2, b1), dot(a2, b2), dot(a2, b3));
    s3 += vec4f(dot(a3, b0), dot(a3, b1), dot(a3, b2), dot(a3, b3));
  }
  let s = array<vec4f, 4>(s0, s1, s2, s3);
  for (var r = 0u; r < 4u && i + r < params.tokens; r++) {
    let cell = (matrix * params.tokens + i + r) * tiles + j / 4u;
    let own = delta[(params.first * params.heads + matrix) * params.tokens + i + r];
    grad[cell] = select(vec4f(0), params.scale * shares[cell] * (s[r] - own), real);
  }
}
