// What goes down the columns of an array in chunks of rows: `along` is done with every column c, chunk g, and the chunk's rows from
// start to end. The text before this has it, and params. Lane l of the whole grid takes column l mod columns of chunk l / columns.
@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let lane = 64u * (w.y * n.x + w.x) + t;
  let g = divided(lane, params.columns);
  if (g < params.chunks) {
    let start = g * params.chunk;
    along(lane - g * params.columns, g, start, min(start + params.chunk, params.rows));
  }
}
