// C [m, n] = the sum of parts[part][m, n] in their order, then the ending of a product. A lane takes four elements.
// `start`, `finish` and `finish4` come from one of matmul-store*.wgsl, which bind from 3 on.
struct Params {
  m: u32,
  n: u32,
  parts: u32,
  zero: u32,
  relu: u32, // 1 where `finish` of a bias ends in a ReLU
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> parts: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> unread: array<vec4f>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  _ = &unread;
  let size = params.m * params.n;
  let first = 4u * (64u * (w.y * n.x + w.x) + t);
  if (first >= size) {
    return;
  }
  if (params.n % 4u == 0u) {
    let column = first % params.n;
    var sum = vec4f(start(column), start(column + 1u), start(column + 2u), start(column + 3u));
    for (var p = 0u; p < params.parts; p++) {
      sum += parts[(p * size + first) / 4u];
    }
    finish4(first / 4u, sum);
    return;
  }
  for (var e = first; e < min(first + 4u, size); e++) {
    var sum = start(e % params.n);
    for (var p = 0u; p < params.parts; p++) {
      let i = p * size + e;
      sum += parts[i / 4u][i % 4u];
    }
    finish(e, sum);
  }
}
