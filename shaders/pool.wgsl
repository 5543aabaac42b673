// Windows over images x [B, height, width, channels], each made one number: y [B, outHeight, outWidth, channels].
// Goes after a text that says what is `seen` of a place, how that is `joined` to what was seen before, row by row, and how
// to `keep` the result. Where a window hangs over an edge it sees the places on the edge again, as not `inside`.
// A lane slides along `span` columns of a row of y, at EACH elements of the channels, LANES apart; neighbours take
// neighbouring elements. The columns that the next window sees again are kept where they are few.
override LANES: u32 = 64u;
override EACH: u32 = 1u; // at most 2
override KERNEL: u32 = 3u;
override STRIDE: u32 = 2u;
override PADDING: u32 = 1u;
override AGAIN: u32 = max(KERNEL, STRIDE) - STRIDE;
override KEPT: u32 = select(0u, AGAIN, KERNEL * AGAIN <= 8u);
struct Params {
  lanes: u32,
  channels: u32, // elements
  height: u32,
  width: u32,
  outHeight: u32,
  outWidth: u32,
  span: u32,
  spans: u32, // of a row
  scale: f32,
}
@group(0) @binding(0) var<uniform> params: Params;

// A row or column of x, below `size`, for one that counts from the edge of the padding.
fn clamped(i: u32, size: u32) -> u32 {
  return min(max(i, PADDING) - PADDING, size - 1u);
}

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) w: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) t: u32,
) {
  let e = LANES * (w.y * n.x + w.x) + t;
  if (e >= params.lanes) {
    return;
  }
  let channels = params.channels;
  let height = params.height;
  let width = params.width;
  let g = divided(e, channels / EACH);
  let r = e - g * (channels / EACH);
  let c = r / LANES * LANES * EACH + r % LANES;
  let line = divided(g, params.spans);
  let image = divided(line, params.outHeight);
  let top = (line - image * params.outHeight) * STRIDE;
  let start = image * height * width * channels + c;
  let yStart = line * params.outWidth * channels + c;
  let first = (g - line * params.spans) * params.span;
  let end = min(first + params.span, params.outWidth);
  var kept: array<E, 16>;
  for (var k = 0u; k < EACH; k++) {
    for (var i = 0u; i < KERNEL; i++) {
      for (var j = 0u; j < KEPT; j++) {
        let place = clamped(top + i, height) * width + clamped(first * STRIDE + j, width);
        kept[8u * k + i * KEPT + j] = x[start + k * LANES + place * channels];
      }
    }
  }
  for (var column = first; column < end; column++) {
    let left = column * STRIDE;
    for (var k = 0u; k < EACH; k++) {
      var part: Part;
      for (var i = 0u; i < KERNEL; i++) {
        let a = clamped(top + i, height);
        for (var j = 0u; j < KERNEL; j++) {
          let b = clamped(left + j, width);
          let place = a * width + b;
          var v: E;
          if (j < KEPT) {
            v = kept[8u * k + i * KEPT + j];
          } else {
            v = x[start + k * LANES + place * channels];
          }
          if (j >= STRIDE && j - STRIDE < KEPT) {
            kept[8u * k + i * KEPT + j - STRIDE] = v;
          }
          let inside = PADDING == 0u || (a + PADDING == top + i && b + PADDING == left + j);
          let next = seen(v, place, inside);
          if (i + j == 0u) {
            part = next;
          } else {
            part = joined(part, next);
          }
        }
      }
      keep(yStart + k * LANES + column * channels, part);
    }
  }
}
