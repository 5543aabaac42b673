// Seeded random numbers: small, pure, the same on every machine.

/** FNV-1a over UTF-16 units: a 32-bit key from a name. */
export const hashName = (name: string): number => {
  let h = 0x811c9dc5
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193)
  return h >>> 0
}

/** A stream of uniform numbers in [0, 1) with 32 random bits each (SplitMix32), keyed by seed and name. */
export const uniforms = (seed: number, name: string): (() => number) => {
  let state = (Math.imul(seed >>> 0, 0x9e3779b1) ^ hashName(name)) >>> 0
  return () => {
    state = (state + 0x9e3779b9) >>> 0
    let z = state
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32
  }
}

/** A stream of standard normal numbers (Box-Muller), keyed by seed and name. */
export const normals = (seed: number, name: string): (() => number) => {
  const next = uniforms(seed, name)
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
}

/** A uniformly random order of 0..n-1 (Fisher-Yates), keyed by seed and name. */
export const permutation = (n: number, seed: number, name: string): Uint32Array => {
  const next = uniforms(seed, name)
  const order = Uint32Array.from({ length: n }, (_, i) => i)
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1))
    const kept = order[i] ?? 0
    order[i] = order[j] ?? 0
    order[j] = kept
  }
  return order
}
