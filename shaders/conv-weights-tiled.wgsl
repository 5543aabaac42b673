// dw = sum over pixels of x^T dy on GPUs: a workgroup of 64 lanes makes 32 rows x 32 columns of a part's matrix, 4 x 4 a
// lane, 16 pixels a turn through workgroup memory.
// conv-weights-window.wgsl, which tells what is read where, and conv-from-buffers.wgsl follow.

// Four rows (columns) of one pixel in a vec4; one vec4 of padding a pixel keeps the banks apart.
var<workgroup> x_tile: array<vec4f, 16 * 9>;
var<workgroup> y_tile: array<vec4f, 16 * 9>;

fn load_x(r: Row, pixel: u32, end: u32) -> vec4f {
  let v = divided(pixel, params.out_w);
  let s = seen(r, line_of(v));
  let u = u32(i32(pixel - v * params.out_w) * params.stride + r.x);
  return load_a((s.start + u) * params.pixel + r.texel, s.on && u < params.in_w && pixel < end);
}

@compute @workgroup_size(8, 8)
fn main(
  @builtin(local_invocation_id) l: vec3u,
  @builtin(local_invocation_index) t: u32,
  @builtin(workgroup_id) w: vec3u,
) {
  let group = w.y / params.tiles;
  let loaded = row_of(8u * w.x + t % 8u, group);
  let column = 8u * (w.y % params.tiles);
  let texel = column + t % 8u;
  let end = min((w.z + 1u) * params.lines, params.all_lines) * params.out_w;
  var c0 = vec4f(0);
  var c1 = vec4f(0);
  var c2 = vec4f(0);
  var c3 = vec4f(0);
  for (var pixel = w.z * params.lines * params.out_w; pixel < end; pixel += 16u) {
    for (var k = t / 8u; k < 16u; k += 8u) {
      x_tile[k * 9u + t % 8u] = load_x(loaded, pixel + k, end);
      var v = vec4f(0);
      if (pixel + k < end && texel < params.y_texels) {
        v = load_b((pixel + k) * params.y_pixel + group * params.y_texels + texel);
      }
      y_tile[k * 9u + t % 8u] = v;
    }
    workgroupBarrier();
    for (var k = 0u; k < 16u; k++) {
      let rows = x_tile[k * 9u + l.y];
      let columns = y_tile[k * 9u + l.x];
      c0 = fma(vec4f(rows.x), columns, c0);
      c1 = fma(vec4f(rows.y), columns, c1);
      c2 = fma(vec4f(rows.z), columns, c2);
      c3 = fma(vec4f(rows.w), columns, c3);
    }
    workgroupBarrier();
  }
  var result = array<vec4f, 4>(c0, c1, c2, c3);
  let row = 32u * w.x + 4u * l.y;
  let i = part_of(w.z, group, row, column + l.x);
  if (row < params.rows && column + l.x < params.y_texels) {
    for (var r = 0u; r < 4u; r++) {
      parts[i + r * params.y_texels] = result[r];
    }
  }
}
