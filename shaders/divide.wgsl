// Lines shared: a / b rounded down for a below 2^30, b above 0, by floats that are put right. Software Vulkan makes eight
// scalar divisions of a vector of whole ones, which take longer than several texture loads.
fn divided(a: u32, b: u32) -> u32 {
  let inverse = 1 / f32(b);
  let n = i32(a);
  let d = i32(b);
  var q = i32(f32(n) * inverse);
  q += i32(f32(n - q * d) * inverse);
  let rest = n - q * d;
  return u32(q + select(0, 1, rest >= d) - select(0, 1, rest < 0));
}
