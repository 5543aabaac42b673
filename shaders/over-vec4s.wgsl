// What goes through an array, vec4 by vec4: `each` is done with every i below params.count, both of which the text before this
// has. Lane t of workgroup g takes those of SPAN g + t + LANES j below SPAN (g + 1).
override LANES: u32 = 64u;
override SPAN: u32 = 256u;

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let first = SPAN * (w.y * n.x + w.x);
  let end = min(first + SPAN, params.count);
  for (var i = first + t; i < end; i += LANES) {
    each(i);
  }
}
