// y = conv(x, w) on GPUs as an implicit product: a workgroup of (TILE / 4)^2 lanes makes TILE pixels of the grid x TILE
// channels, 4 x 4 a lane, four texels of channels a turn through workgroup memory.
// conv-window.wgsl, which tells what is read where, conv-from-buffers.wgsl, and one of matmul-store*.wgsl follow.
override TILE: u32 = 64;
override SIDE: u32 = TILE / 4;
override PITCH: u32 = TILE / 4 + 1;

// Four pixels (channels) of one k in a vec4; one vec4 of padding a k keeps the banks apart.
var<workgroup> x_tile: array<vec4f, 16 * PITCH>;
var<workgroup> w_tile: array<vec4f, 16 * PITCH>;
// First pixel of the image, and where the pixel looks under tap (0, 0).
var<workgroup> pixels: array<vec3i, TILE>;

fn tap_of(t: u32) -> vec2u {
  let i = divided(t, params.taps.x);
  return vec2u(t - i * params.taps.x, i);
}

fn load_x(row: u32, turn: u32, group: u32) -> vec4f {
  let t = divided(turn, params.texels);
  let tap = vec2i(tap_of(t));
  let at = pixels[row];
  let p = vec2u(at.yz + tap * params.step);
  let within = t < params.taps.x * params.taps.y && p.x < params.in_w && p.y < params.in_h;
  let pixel = u32(at.x) + p.y * params.in_w + p.x;
  return load_a(pixel * params.pixel + group * params.texels + turn - t * params.texels, within);
}

// Four texels of every pixel: k = 4 (t % 4) .. 4 (t % 4) + 3 of pixel t / 4.
fn fill_x(turn: u32, group: u32, t: u32) {
  for (var j = t; j < 4u * TILE; j += SIDE * SIDE) {
    let row = j / 4u;
    let k = 4u * (j % 4u);
    let v = load_x(row, turn + j % 4u, group);
    let i = row / 4u;
    x_tile[k * PITCH + i][row % 4u] = v.x;
    x_tile[(k + 1u) * PITCH + i][row % 4u] = v.y;
    x_tile[(k + 2u) * PITCH + i][row % 4u] = v.z;
    x_tile[(k + 3u) * PITCH + i][row % 4u] = v.w;
  }
}

// Channels 4 (t % SIDE) .. of k = t / SIDE.
fn fill_w(turn: u32, column: u32, w_y: u32, t: u32) {
  for (var j = t; j < 16u * SIDE; j += SIDE * SIDE) {
    let k = j / SIDE;
    let quad = column / 4u + j % SIDE;
    let tap = divided(turn + k / 4u, params.texels);
    let panel = w_y * params.panels + quad / 8u;
    var v = vec4f(0);
    if (quad < 8u * params.panels && tap < params.taps.x * params.taps.y) {
      let channel = 4u * (turn - tap * params.texels) + k;
      v = load_b(weights_of(panel, tap_of(tap)) + 8u * channel + quad % 8u);
    }
    w_tile[k * PITCH + j % SIDE] = v;
  }
}

@compute @workgroup_size(SIDE, SIDE)
fn main(
  @builtin(local_invocation_id) l: vec3u,
  @builtin(local_invocation_index) t: u32,
  @builtin(workgroup_id) w: vec3u,
) {
  let tiles = (params.group_n + TILE - 1u) / TILE;
  let group = w.y / tiles;
  let first = TILE * (w.z * params.strip + w.x);
  let tile = TILE * (w.y % tiles);
  if (t < TILE) {
    let p = place_of(first + t);
    let image = i32(p.b * params.in_h * params.in_w);
    let at = vec2i(vec2u(p.x, p.y)) * params.stride + params.offset;
    pixels[t] = vec3i(image, select(vec2i(-0x40000000), at, first + t < params.pixels));
  }
  workgroupBarrier();
  var c0 = starts(group * params.group_n + tile + 4u * l.x);
  var c1 = c0;
  var c2 = c0;
  var c3 = c0;
  let turns = params.taps.x * params.taps.y * params.texels;
  for (var turn = 0u; turn < turns; turn += 4u) {
    fill_x(turn, group, t);
    fill_w(turn, tile, group, t);
    workgroupBarrier();
    for (var k = 0u; k < 16u; k++) {
      let rows = x_tile[k * PITCH + l.y];
      let columns = w_tile[k * PITCH + l.x];
      c0 = fma(vec4f(rows.x), columns, c0);
      c1 = fma(vec4f(rows.y), columns, c1);
      c2 = fma(vec4f(rows.z), columns, c2);
      c3 = fma(vec4f(rows.w), columns, c3);
    }
    workgroupBarrier();
  }
  var result = array<vec4f, 4>(c0, c1, c2, c3);
  let row = first + 4u * l.y;
  let column = group * params.group_n + tile + 4u * l.x;
  var place = place_of(row);
  let rows = min(4u + params.zero, max(row, params.pixels) - row);
  for (var r = 0u; r < rows; r++) {
    put(pixel_of(place), column, (group + 1u) * params.group_n, result[r]);
    place = next(place);
  }
}
