// y_i = sum over j of M_ij x_j, or of M_ji x_j where `across` is 1, for every head of every image of the pass.
// M is [images, heads, tokens, tiles]; x and y hold `xParts` and `yParts` arrays [heads, quads] a token, of which part
// `xPart` is read and `yPart` written.
// A lane takes a vec4 of four neighbouring tokens.
@group(0) @binding(1) var<storage, read_write> m: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> x: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let lane = 64u * (w.y * n.x + w.x) + t;
  let tiles = params.tiles;
  let c = lane % params.quads;
  let tile = lane / params.quads % tiles;
  let matrix = lane / params.quads / tiles;
  let head = matrix % params.heads;
  let image = matrix / params.heads;
  if (image >= params.images) {
    return;
  }
  let tokens = params.tokens;
  let width = params.heads * params.quads;
  let token = (params.first + image) * tokens;
  let rows = matrix * tokens;
  let i = 4u * tile;
  let xStep = params.xParts * width;
  let xFirst = token * xStep + (params.xPart * params.heads + head) * params.quads + c;
  var s0 = vec4f(0);
  var s1 = vec4f(0);
  var s2 = vec4f(0);
  var s3 = vec4f(0);
  for (var j = 0u; j < tokens; j += 4u) {
    let others = vec4u(j, j + 1u, j + 2u, j + 3u);
    let mine = vec4u(i, i + 1u, i + 2u, i + 3u);
    let r = min(select(mine, others, params.across > 0u), vec4u(tokens - 1u));
    let column = select(j / 4u, tile, params.across > 0u);
    let at = (rows + r) * tiles + column;
    let given = mat4x4f(m[at.x], m[at.y], m[at.z], m[at.w]);
    let k = xFirst + min(others, vec4u(tokens - 1u)) * xStep;
    let real = others < vec4u(tokens);
    let xs = mat4x4f(
      x[k.x],
      select(vec4f(0), x[k.y], real.y),
      select(vec4f(0), x[k.z], real.z),
      select(vec4f(0), x[k.w], real.w),
    );
    if (params.across > 0u) {
      s0 += xs[0] * given[0].x + xs[1] * given[1].x + xs[2] * given[2].x + xs[3] * given[3].x;
      s1 += xs[0] * given[0].y + xs[1] * given[1].y + xs[2] * given[2].y + xs[3] * given[3].y;
      s2 += xs[0] * given[0].z + xs[1] * given[1].z + xs[2] * given[2].z + xs[3] * given[3].z;
      s3 += xs[0] * given[0].w + xs[1] * given[1].w + xs[2] * given[2].w + xs[3] * given[3].w;
    } else {
      s0 += xs * given[0];
      s1 += xs * given[1];
      s2 += xs * given[2];
      s3 += xs * given[3];
    }
  }
  let yStep = params.yParts * width;
  let out = (token + i) * yStep + (params.yPart * params.heads + head) * params.quads + c;
  y[out] = s0;
  if (i + 1u < tokens) {
    y[out + yStep] = s1;
  }
  if (i + 2u < tokens) {
    y[out + 2u * yStep] = s2;
  }
  if (i + 3u < tokens) {
    y[out + 3u * yStep] = s3;
  }
}
