// What passes of attention over some images of a batch are told; goes after their text.
struct Params {
  images: u32, // of this pass
  first: u32, // image of the batch at which it starts
  tokens: u32,
  tiles: u32, // vec4s of a row of a matrix: tokens / 4, rounded up
  heads: u32,
  quads: u32, // vec4s of a head
  scale: f32, // of products of q and k
  // The rest is of attention-mix.wgsl, 0 in other passes.
  across: u32,
  xParts: u32,
  xPart: u32,
  yParts: u32,
  yPart: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
