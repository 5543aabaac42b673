// Lines shared by all convolutions. A pass makes the pixels of a grid, images x rows x columns, one after the other;
// pixel (b, y, x) of the grid sees pixel stride (y, x) + offset + step (i, j) of image b under tap (i, j), zero outside,
// and becomes pixel (out_b b + out_y y + out_x x + out_first) of the result, which has n channels. Arrays that are read
// are texels of four channels, padded with zeros within each group. Weights lie in panels of 32 channels of the result:
// [group and panel][tap][channel, padded][8 texels], of which a pass takes taps tap_first + tap_y i + tap_x j.
struct Params {
  stride: vec2i,
  offset: vec2i,
  step: vec2i,
  taps: vec2u,
  pixels: u32, // of the grid
  grid_h: u32,
  grid_w: u32,
  in_h: u32,
  in_w: u32,
  pixel: u32, // texels of a pixel that is read, all groups
  texels: u32, // of them of one group
  tap_y: u32,
  tap_x: u32,
  tap_first: u32,
  panel: u32, // texels of a panel
  panels: u32, // of a group
  group_n: u32, // channels of the result in a group
  n: u32,
  out_b: u32,
  out_y: u32,
  out_x: u32,
  out_first: u32,
  strip: u32, // row tiles of a strip; w = (row tile in strip, group and panel, strip); columns that a lane walks along
  across: u32, // lanes of a workgroup side by side in channels, where the kernel leaves a choice
  zero: u32,
  relu: u32, // 1 where `finish` of a bias ends in a ReLU
  cap: f32, // where `finish` of a norm ends; 0 for nowhere
}
@group(0) @binding(0) var<uniform> params: Params;

struct Place {
  b: u32,
  y: u32,
  x: u32,
}

fn place_of(pixel: u32) -> Place {
  let line = divided(pixel, params.grid_w);
  let b = divided(line, params.grid_h);
  return Place(b, line - b * params.grid_h, pixel - line * params.grid_w);
}

fn next(p: Place) -> Place {
  let last_x = p.x + 1u == params.grid_w;
  let y = p.y + select(0u, 1u, last_x);
  let last_y = y == params.grid_h;
  return Place(p.b + select(0u, 1u, last_y), select(y, 0u, last_y), select(p.x + 1u, 0u, last_x));
}

// Where four pixels of the grid look under tap (0, 0).
struct Four {
  image: vec4u, // its first pixel
  y: vec4i,
  x: vec4i,
}

fn four_from(p: Place) -> Four {
  let q = next(p);
  let r = next(q);
  let s = next(r);
  return Four(
    vec4u(p.b, q.b, r.b, s.b) * (params.in_h * params.in_w),
    vec4i(vec4u(p.y, q.y, r.y, s.y)) * params.stride.y + params.offset.y,
    vec4i(vec4u(p.x, q.x, r.x, s.x)) * params.stride.x + params.offset.x,
  );
}

// What they see under another tap: texels of pixels, those within the image.
struct Seen {
  i: vec4u,
  within: vec4<bool>,
}

fn seen(f: Four, tap: vec2u) -> Seen {
  let y = vec4u(f.y + i32(tap.y) * params.step.y);
  let x = vec4u(f.x + i32(tap.x) * params.step.x);
  let within = (y < vec4u(params.in_h)) & (x < vec4u(params.in_w));
  return Seen(select(vec4u(0), (f.image + y * params.in_w + x) * params.pixel, within), within);
}

// What a turn of an implicit product takes: a tap and four of its channels. One loop over all turns instead of three
// nested ones, since llvmpipe moves all accumulators wherever a loop begins or ends.
struct Turn {
  tap: vec2u,
  k: u32,
}

fn all_turns() -> u32 {
  return params.taps.x * params.taps.y * params.texels;
}

fn after(t: Turn) -> Turn {
  let last_k = t.k + 1u == params.texels;
  let x = t.tap.x + select(0u, 1u, last_k);
  let last_x = x == params.taps.x;
  return Turn(vec2u(select(x, 0u, last_x), t.tap.y + select(0u, 1u, last_x)), select(t.k + 1u, 0u, last_k));
}

// Which tap of the kernel that is.
fn block_of(tap: vec2u) -> u32 {
  return params.tap_first + tap.y * params.tap_y + tap.x * params.tap_x;
}

// Texel at which the channels of a tap begin.
fn weights_of(panel: u32, tap: vec2u) -> u32 {
  return panel * params.panel + block_of(tap) * params.texels * 32u;
}

fn pixel_of(p: Place) -> u32 {
  return params.out_first + p.b * params.out_b + p.y * params.out_y + p.x * params.out_x;
}
