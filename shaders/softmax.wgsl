// y = exp(x - m) / sum exp(x - m) along every row, m its maximum.
// `lanes` neighbouring lanes share a row: 64 / lanes rows a workgroup. row-total.wgsl comes after this.
alias E = vec4f;
const size = 4u;
struct Params {
  rows: u32,
  columns: u32, // elements
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> x: array<E>;
@group(0) @binding(2) var<storage, read_write> y: array<E>;

// The largest of a row.
fn largest(v: E, t: u32) -> f32 {
  var top = v;
  if (lanes > 1u) {
    workgroupBarrier();
    part[t] = v;
    for (var s = lanes / 2u; s > 0u; s >>= 1u) {
      workgroupBarrier();
      if (t % lanes < s) {
        part[t] = max(part[t], part[t + s]);
      }
    }
    workgroupBarrier();
    top = part[t - t % lanes];
  }
  let four = vec4f(top);
  return max(max(four.x, four.y), max(four.z, four.w));
}

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let row = (w.y * n.x + w.x) * (64u / lanes) + t / lanes;
  let real = row < params.rows;
  let start = row * params.columns;
  let end = select(start, start + params.columns, real);
  let first = start + t % lanes;

  var top = E(-0x1.fffffep+127f);
  for (var i = first; i < end; i += lanes) {
    top = max(top, x[i]);
  }
  let m = largest(top, t);
  var sum = E(0);
  for (var i = first; i < end; i += lanes) {
    sum += exp(x[i] - m);
  }
  let scale = 1 / total(sum, t);
  for (var i = first; i < end; i += lanes) {
    y[i] = exp(x[i] - m) * scale;
  }
}
