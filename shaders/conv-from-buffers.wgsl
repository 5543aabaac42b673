// Lines shared by the convolutions of the families that read buffers.
@group(0) @binding(1) var<storage, read_write> a_texels: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> b_texels: array<vec4f>;

fn load_a(i: u32, within: bool) -> vec4f {
  if (within) {
    return a_texels[i];
  }
  return vec4f(0);
}

fn load_b(i: u32) -> vec4f {
  return b_texels[i];
}
