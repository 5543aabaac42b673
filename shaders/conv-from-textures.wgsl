// Lines shared by the convolutions of the families that read textures: texel i lies at (i % 1024, i / 1024).
@group(0) @binding(1) var a_texels: texture_storage_2d<rgba32float, read>;
@group(0) @binding(2) var b_texels: texture_storage_2d<rgba32float, read>;

fn load_a(i: u32, within: bool) -> vec4f {
  return select(vec4f(0), textureLoad(a_texels, vec2u(i & 1023u, i >> 10u)), within);
}

fn load_b(i: u32) -> vec4f {
  return textureLoad(b_texels, vec2u(i & 1023u, i >> 10u));
}
