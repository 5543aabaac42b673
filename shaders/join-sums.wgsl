// a and b = the sums over the chunks of part [chunks, 2, columns]. Workgroup c takes column c; column-sums.wgsl comes after this.
alias E = vec4f;
struct Params {
  rows: u32,
  columns: u32, // elements
  chunk: u32,
  chunks: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> part: array<E>;
@group(0) @binding(2) var<storage, read_write> a: array<E>;
@group(0) @binding(3) var<storage, read_write> b: array<E>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let c = w.y * n.x + w.x;
  let sums = sums_of(c, t);
  if (t == 0u && c < params.columns) {
    a[c] = sums.a;
    b[c] = sums.b;
  }
}
