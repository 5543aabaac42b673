// dq = ds k, and where KEYS dk = ds^T q and dv = p^T dy, of one head by blocks that are made again: p = exp(s - lse) for
// s = q k^T / sqrt d, ds = p (dy v^T - delta) / sqrt d. The workgroup's own tokens are queries, or keys where KEYS.
// attention-blocks.wgsl follows, which tells how lanes share a block.
override KEYS: bool = false;

@group(0) @binding(2) var<storage, read_write> dy: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> lse: array<f32>;
@group(0) @binding(4) var<storage, read_write> delta: array<f32>;
@group(0) @binding(5) var<storage, read_write> dqkv: array<vec4f>;

// v of a key, dy of a query; zeros past the last token.
fn values_at(job: Job, token: u32, quad: u32, of_key: bool) -> vec4f {
  if (of_key) {
    return qkv_at(job, 2u, token, quad);
  }
  if (token < params.tokens) {
    return dy[start_of(job, 1u, 0u) + token * params.heads * params.quads + quad];
  }
  return vec4f(0);
}

// Rows of lse and delta of four queries eight apart, the last one's past the last.
fn queries(job: Job, first: u32) -> vec4u {
  return row_of(job, 0u) + min(vec4u(first) + vec4u(0u, 8u, 16u, 24u), vec4u(params.tokens - 1u));
}

fn store(job: Job, part: u32, l: vec2u, sums: mat4x4f, quad: u32) {
  for (var i = 0u; i < 4u; i++) {
    let token = job.first + l.y + 8u * i;
    if (token < params.tokens && quad < params.quads) {
      dqkv[start_of(job, 3u, part) + token * 3u * params.heads * params.quads + quad] = sums[i];
    }
  }
}

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let job = job_of(w.y * n.x + w.x);
  if (!job.some) {
    return;
  }
  let l = vec2u(t % 8u, t / 8u);
  let part = select(0u, 1u, KEYS);
  for (var token = l.y; token < 32u; token += 8u) {
    for (var quad = l.x; quad < params.quads; quad += 8u) {
      mine[token * PITCH + quad] = qkv_at(job, part, job.first + token, quad);
      also[token * PITCH + quad] = values_at(job, job.first + token, quad, KEYS);
    }
  }
  var sums0 = mat4x4f();
  var sums1 = mat4x4f();
  var values0 = mat4x4f();
  var values1 = mat4x4f();
  for (var first = 0u; first < params.tokens; first += 32u) {
    workgroupBarrier();
    fill_other(job, 1u - part, first, l);
    workgroupBarrier();
    let s = mine_by_other(l);
    workgroupBarrier();
    for (var token = l.y; token < 32u; token += 8u) {
      for (var quad = l.x; quad < params.quads; quad += 8u) {
        other[token * PITCH + quad] = values_at(job, first + token, quad, !KEYS);
      }
    }
    workgroupBarrier();
    let ds = also_by_other(l);
    let at = queries(job, select(job.first + l.y, first + l.x, KEYS));
    let own = vec4f(lse[at.x], lse[at.y], lse[at.z], lse[at.w]);
    let mean = vec4f(delta[at.x], delta[at.y], delta[at.z], delta[at.w]);
    let columns = vec4u(first + l.x) + vec4u(0u, 8u, 16u, 24u) < vec4u(params.tokens);
    var p = mat4x4f();
    var grad = mat4x4f();
    for (var i = 0u; i < 4u; i++) {
      p[i] = select(vec4f(0), exp(params.scale * s[i] - select(vec4f(own[i]), own, KEYS)), columns);
      grad[i] = params.scale * p[i] * (ds[i] - select(vec4f(mean[i]), mean, KEYS));
    }
    if (KEYS) {
      keep(l, p);
      workgroupBarrier();
      values0 = mixed(values0, l, l.x);
      values1 = mixed(values1, l, l.x + 8u);
    }
    workgroupBarrier();
    keep(l, grad);
    fill_other(job, 1u - part, first, l);
    workgroupBarrier();
    sums0 = mixed(sums0, l, l.x);
    sums1 = mixed(sums1, l, l.x + 8u);
  }
  store(job, part, l, sums0, l.x);
  store(job, part, l, sums1, l.x + 8u);
  if (KEYS) {
    store(job, 2u, l, values0, l.x);
    store(job, 2u, l, values1, l.x + 8u);
  }
}
