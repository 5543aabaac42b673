// y = x P(x), P the standard normal distribution function, which normal-cdf.wgsl defines.
fn f(x: vec4f) -> vec4f {
  return x * normalCdf(x);
}
