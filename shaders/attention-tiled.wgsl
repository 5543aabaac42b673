// y = softmax(q k^T / sqrt d) v of one head by blocks of keys, with the largest score and the sum so far kept per query
// (Dao et al. 2022), so that no score leaves the workgroup; lse is the logarithm of each query's denominator.
// attention-blocks.wgsl follows, which tells how lanes share a block.
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> lse: array<f32>;

// Of the eight lanes of a row, [row][lane].
var<workgroup> of_lanes: array<vec4f, 64>;

fn across(row: u32, most: bool) -> f32 {
  let a = of_lanes[2u * row];
  let b = of_lanes[2u * row + 1u];
  let m = max(a, b);
  let s = a + b;
  return select(s.x + s.y + s.z + s.w, max(max(m.x, m.y), max(m.z, m.w)), most);
}

// The largest, or the sum, of every row over the lanes that share it.
fn of_rows(l: vec2u, v: vec4f, most: bool) -> vec4f {
  workgroupBarrier();
  for (var i = 0u; i < 4u; i++) {
    of_lanes[2u * (l.y + 8u * i) + l.x / 4u][l.x % 4u] = v[i];
  }
  workgroupBarrier();
  return vec4f(
    across(l.y, most), across(l.y + 8u, most), across(l.y + 16u, most), across(l.y + 24u, most));
}

fn largest(v: vec4f) -> f32 {
  return max(max(v.x, v.y), max(v.z, v.w));
}

fn scaled(sums: mat4x4f, by: vec4f) -> mat4x4f {
  return mat4x4f(sums[0] * by.x, sums[1] * by.y, sums[2] * by.z, sums[3] * by.w);
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
  for (var token = l.y; token < 32u; token += 8u) {
    for (var quad = l.x; quad < params.quads; quad += 8u) {
      mine[token * PITCH + quad] = params.scale * qkv_at(job, 0u, job.first + token, quad);
    }
  }
  var sums0 = mat4x4f();
  var sums1 = mat4x4f();
  var top = vec4f(-0x1.fffffep+127f);
  var total = vec4f(0);
  for (var first = 0u; first < params.tokens; first += 32u) {
    workgroupBarrier();
    fill_other(job, 1u, first, l);
    workgroupBarrier();
    let s = mine_by_other(l);
    let real = vec4u(first + l.x) + vec4u(0u, 8u, 16u, 24u) < vec4u(params.tokens);
    let low = vec4f(-0x1.fffffep+127f);
    let s0 = select(low, s[0], real);
    let s1 = select(low, s[1], real);
    let s2 = select(low, s[2], real);
    let s3 = select(low, s[3], real);
    let next = max(top, of_rows(l, vec4f(largest(s0), largest(s1), largest(s2), largest(s3)), true));
    let p = mat4x4f(
      select(vec4f(0), exp(s0 - next.x), real),
      select(vec4f(0), exp(s1 - next.y), real),
      select(vec4f(0), exp(s2 - next.z), real),
      select(vec4f(0), exp(s3 - next.w), real),
    );
    let shrink = exp(top - next);
    top = next;
    total = shrink * total + of_rows(l, vec4f(1) * p, false);
    keep(l, p);
    fill_other(job, 2u, first, l);
    workgroupBarrier();
    sums0 = mixed(scaled(sums0, shrink), l, l.x);
    sums1 = mixed(scaled(sums1, shrink), l, l.x + 8u);
  }
  let y0 = scaled(sums0, 1 / total);
  let y1 = scaled(sums1, 1 / total);
  for (var i = 0u; i < 4u; i++) {
    let token = job.first + l.y + 8u * i;
    if (token < params.tokens) {
      let to = start_of(job, 1u, 0u) + token * params.heads * params.quads;
      if (l.x < params.quads) {
        y[to + l.x] = y0[i];
      }
      if (l.x + 8u < params.quads) {
        y[to + l.x + 8u] = y1[i];
      }
      if (l.x == 0u) {
        lse[row_of(job, token)] = top[i] + log(total[i]);
      }
    }
  }
}
