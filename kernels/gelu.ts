// Gaussian error linear unit, exact (by erf, not tanh), and its gradient.
import { apply, at, noGradient, type Op } from '../src/core/op.ts'
import source from '../shaders/gelu.wgsl' with { type: 'text' }
import gradSource from '../shaders/gelu-grad.wgsl' with { type: 'text' }
import cdfSource from '../shaders/normal-cdf.wgsl' with { type: 'text' }
import { type Flat, hostKernel, none } from './gpu-js.ts'
import { mapOp } from './pointwise.ts'
import { pull } from './shapes.ts'

/** The standard normal distribution function (1 + erf(x / sqrt 2)) / 2 within 1e-7, by N. Juffa's polynomials. */
export const normalCdf = hostKernel(function (x: Flat) {
  const v = x[this.thread.x] ?? 0
  const t = Math.min(Math.abs(v) * Math.SQRT1_2, 4)
  const s = t * t
  let q = (t * -1.7285347e-5 + 3.83197126e-4) * s + (t * -3.88396438e-3 + 2.42546219e-2)
  q = ((q * t - 1.06777877e-1) * t - 6.34846687e-1) * t - 1.28717512e-1
  let p = (s * -5.96761703e-4 + 4.99119423e-3) * s - 2.67681349e-2
  p = ((p * s + 1.12819925e-1) * s - 3.76125336e-1) * s + 1.28379166e-1
  const tail = t > 0.927734375 ? 0.5 * Math.exp(q * t - t) : 0.5 - 0.5 * (p * t + t)
  return v < 0 ? tail : 1 - tail
})

const kernel = hostKernel(function (x: Flat, cdf: Flat) {
  return (x[this.thread.x] ?? 0) * (cdf[this.thread.x] ?? 0)
})

const gradKernel = hostKernel(function (x: Flat, cdf: Flat, dy: Flat) {
  const v = x[this.thread.x] ?? 0
  const density = 0.3989422804014327 * Math.exp(-0.5 * v * v)
  return (dy[this.thread.x] ?? 0) * ((cdf[this.thread.x] ?? 0) + v * density)
})

/** x P(x), with P the standard normal distribution function (Hendrycks and Gimpel 2016; PyTorch's default form). */
export const gelu: Op<null> = mapOp({
  name: 'gelu',
  arity: 1,
  shader: `${cdfSource}\n${source}`,
  vjp: ({ args }, cotangents) => pull(cotangents, ct => apply(geluGrad, null)(at(args, 0), ct)),
  oracle: ([x = none]) => [kernel(x.length, x, normalCdf(x.length, x))],
})

/** (x, dy) -> dy (P(x) + x p(x)), with p the standard normal density. */
export const geluGrad: Op<null> = mapOp({
  name: 'geluGrad',
  arity: 2,
  shader: `${cdfSource}\n${gradSource}`,
  vjp: noGradient,
  oracle: ([x = none, dy = none]) => [gradKernel(x.length, x, normalCdf(x.length, x), dy)],
})
