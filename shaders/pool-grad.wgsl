// dx [B, height, width, channels] = scale times what windows give to each place, added in the windows' order;
// dy is [B, outHeight, outWidth, channels]. Another file says what is `seen` of a window and its `share` for a place.
// A lane slides along `span` blocks of STRIDE x STRIDE places at one element of the channels; neighbours take neighbouring
// elements. SIDE x SIDE windows reach into a block, from BACK before it on; up to 4 x 4 of them are kept from block to block.
override LANES: u32 = 64u;
override KERNEL: u32 = 3u;
override STRIDE: u32 = 2u;
override PADDING: u32 = 1u;
override BACK: u32 = (KERNEL - 1u - PADDING) / STRIDE;
override SIDE: u32 = BACK + 1u + (PADDING + STRIDE - 1u) / STRIDE;
struct Params {
  lanes: u32,
  channels: u32, // elements
  height: u32,
  width: u32,
  outHeight: u32,
  outWidth: u32,
  span: u32,
  spans: u32, // of a row of blocks
  scale: f32,
}
@group(0) @binding(0) var<uniform> params: Params;

// What a lane knows of dy: its first element of its image, and the image's shape.
struct Image {
  start: u32,
  channels: u32,
  height: u32,
  width: u32,
}

// A window, which is none where it would start outside: there `row` or `column` has wrapped around or is too large.
fn window(image: Image, row: u32, column: u32) -> Part {
  let at = min(row, image.height - 1u) * image.width + min(column, image.width - 1u);
  let real = row < image.height && column < image.width;
  return seen(image.start + at * image.channels, real);
}

// Whether window i of a block holds the block's place a, in one direction.
fn holds(i: u32, a: u32) -> bool {
  let at = a + PADDING + BACK * STRIDE;
  return i * STRIDE <= at && at < i * STRIDE + KERNEL;
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
  let scale = params.scale;
  let g = divided(e, channels);
  let c = e - g * channels;
  let line = divided(g, params.spans);
  let lines = divided(height + STRIDE - 1u, STRIDE);
  let b = divided(line, lines);
  let top = line - b * lines;
  let outHeight = params.outHeight;
  let outWidth = params.outWidth;
  let image = Image(b * outHeight * outWidth * channels + c, channels, outHeight, outWidth);
  let start = b * height * width * channels + c;
  let first = (g - line * params.spans) * params.span;
  let end = min(first + params.span, divided(width + STRIDE - 1u, STRIDE));
  var kept: array<Part, 16>;
  // The first SIDE - 1 turns only fill `kept`.
  for (var right = first; right < end + SIDE - 1u; right++) {
    if (SIDE <= 4u) {
      for (var i = 0u; i < SIDE; i++) {
        for (var j = 1u; j < SIDE; j++) {
          kept[4u * i + j - 1u] = kept[4u * i + j];
        }
        kept[4u * i + SIDE - 1u] = window(image, top + i - BACK, right - BACK);
      }
    }
    if (right + 1u < first + SIDE) {
      continue;
    }
    let left = right + 1u - SIDE;
    for (var a = 0u; a < STRIDE * STRIDE; a++) {
      let row = top * STRIDE + a / STRIDE;
      let column = left * STRIDE + a % STRIDE;
      let place = row * width + column;
      var sum = E(0);
      for (var i = 0u; i < SIDE; i++) {
        for (var j = 0u; j < SIDE; j++) {
          if (holds(i, a / STRIDE) && holds(j, a % STRIDE)) {
            if (SIDE <= 4u) {
              sum += share(kept[4u * i + j], place);
            } else {
              sum += share(window(image, top + i - BACK, left + j - BACK), place);
            }
          }
        }
      }
      if (row < height && column < width) {
        dx[start + place * channels] = scale * sum;
      }
    }
  }
}
