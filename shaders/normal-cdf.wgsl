// The standard normal distribution function, (1 + erf(x / sqrt 2)) / 2, within 1e-7; put before shaders that call it.
// With t = |x| / sqrt 2: erf t = t + t p(t^2) up to t = 0.9277, 1 - exp(-t - t q(t)) above (N. Juffa's polynomials).
fn normalCdf(x: vec4f) -> vec4f {
  let t = min(abs(x) * 0.70710678, vec4f(4));
  let s = t * t;
  var q = (t * -1.72853470e-5 + 3.83197126e-4) * s + (t * -3.88396438e-3 + 2.42546219e-2);
  q = ((q * t - 1.06777877e-1) * t - 6.34846687e-1) * t - 1.28717512e-1;
  let above = 0.5 * exp(q * t - t);
  var p = (s * -5.96761703e-4 + 4.99119423e-3) * s - 2.67681349e-2;
  p = ((p * s + 1.12819925e-1) * s - 3.76125336e-1) * s + 1.28379166e-1;
  let tail = select(0.5 - 0.5 * (p * t + t), above, t > vec4f(0.927734375));
  return select(1 - tail, tail, x < vec4f(0));
}
