// Lines shared by all weight gradients of convolutions. A workgroup sums over the lines (rows of pixels) of one part of
// y; its products are parts[part][group][row][column], rows being (tap, channel of x), columns channels of y. Arrays that
// are read are texels of four channels, padded with zeros within each group. Pixel (v, u) of dy meets pixel
// stride (v, u) + dilation (i, j) - padding of x under tap (i, j).
struct Params {
  lines: u32, // of a part
  all_lines: u32, // of the slice
  out_h: u32,
  out_w: u32,
  in_h: u32,
  in_w: u32,
  pixel: u32, // texels of a pixel of x, all groups
  x_texels: u32, // of them of one group
  y_pixel: u32,
  y_texels: u32,
  taps: u32,
  taps_x: u32,
  stride: i32,
  padding: i32,
  dilation: i32,
  tiles: u32, // column tiles of a group; w = (row tile, group and column tile, part)
  rows: u32, // of the matrix
  first_part: u32, // of the slice
  slice_parts: u32,
  groups: u32,
  zero: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(3) var<storage, read_write> parts: array<vec4f>;

// A texel of x that makes four rows of the matrix: where its tap looks, and its channels; none beyond the last tap.
struct Row {
  y: i32,
  x: i32,
  texel: u32,
  some: bool,
}

fn row_of(texel: u32, group: u32) -> Row {
  let tap = divided(texel, params.x_texels);
  let i = divided(tap, params.taps_x);
  let at = vec2i(vec2u(tap - i * params.taps_x, i)) * params.dilation - params.padding;
  return Row(at.y, at.x, group * params.x_texels + texel - tap * params.x_texels, tap < params.taps);
}

// A pixel of y as (image, line, place in the line). One loop over all pixels of a part instead of nested ones, since
// llvmpipe moves all accumulators wherever a loop begins or ends.
struct Place {
  image: u32,
  y: u32,
  u: u32,
}

fn line_of(line: u32) -> Place {
  let image = divided(line, params.out_h);
  return Place(image, line - image * params.out_h, 0u);
}

// `step` pixels further; what is left of a line is passed over.
fn after(p: Place, step: u32) -> Place {
  let last_u = p.u + step >= params.out_w;
  let y = p.y + select(0u, 1u, last_u);
  let last_y = y == params.out_h;
  return Place(p.image + select(0u, 1u, last_y), select(y, 0u, last_y), select(p.u + step, 0u, last_u));
}

// First pixel of the line of x that a row looks at; `on` tells if it is within the image.
struct Seen {
  start: u32,
  on: bool,
}

fn seen(r: Row, p: Place) -> Seen {
  let y = u32(i32(p.y) * params.stride + r.y);
  return Seen((p.image * params.in_h + y) * params.in_w, r.some && y < params.in_h);
}

// Texel of the matrix at (row, texel of columns) of a part.
fn part_of(part: u32, group: u32, row: u32, texel: u32) -> u32 {
  return (((params.first_part + part) * params.groups + group) * params.rows + row) * params.y_texels + texel;
}
