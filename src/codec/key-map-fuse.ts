// Query, key and value kept apart, as one in_proj of three times the rows.
import type { Weight, Weights } from './weights.ts'

const apart = /^(.*self_attention)\.(query|key|value)\.(weight|bias)$/

const sameShape = (a: Weight, b: Weight): boolean =>
  a.dtype === b.dtype &&
  a.shape.length === b.shape.length &&
  a.shape.every((size, i) => size === b.shape[i])

const stacked = ([first, ...rest]: readonly [Weight, Weight, Weight]): Weight => {
  const [rows = 1, ...columns] = first.shape
  const data = new Float32Array(3 * first.data.length)
  for (const [i, part] of [first, ...rest].entries()) data.set(part.data, i * first.data.length)
  return { shape: [3 * rows, ...columns], data, dtype: first.dtype }
}

/**
 * Puts `X.in_proj_weight` [3d, d] in place of `X.query.weight`, `X.key.weight` and `X.value.weight` [d, d], where X ends
 * in `self_attention`; biases alike. Three that are not all there, or not of one shape, stay apart.
 */
export const fuseAttention = (weights: Weights): Weights => {
  const fused = new Map<string, Weight>()
  for (const [name, weight] of weights) {
    const [, attention, , kind] = apart.exec(name) ?? []
    const [query, key, value] = ['query', 'key', 'value'].map(part =>
      weights.get(`${attention}.${part}.${kind}`),
    )
    const whole = query !== undefined && key !== undefined && value !== undefined
    if (whole && sameShape(query, key) && sameShape(query, value)) {
      const to = `${attention}.in_proj_${kind}`
      if (!fused.has(to)) fused.set(to, stacked([query, key, value]))
    } else {
      fused.set(name, weight)
    }
  }
  return fused
}
