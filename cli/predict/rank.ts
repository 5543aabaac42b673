// From logits to classes, probabilities and scores.

/** The likeliest classes of one image, the first of equal ones first, with their probabilities. */
export interface Guess {
  readonly classes: ReadonlyArray<number>
  readonly probabilities: ReadonlyArray<number>
}

const logSumExp = (row: Float32Array): number => {
  const top = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  return top + Math.log(row.reduce((sum, x) => sum + Math.exp(x - top), 0))
}

/** The `top` likeliest classes of a row of logits. */
export const guessOf = (row: Float32Array, top: number): Guess => {
  const order = Array.from(row.keys()).sort((a, b) => (row[b] ?? 0) - (row[a] ?? 0) || a - b)
  const total = logSumExp(row)
  const classes = order.slice(0, top)
  return { classes, probabilities: classes.map(k => Math.exp((row[k] ?? 0) - total)) }
}

/** Share of images whose label is the likeliest class, or among the five likeliest; mean cross-entropy. */
export interface Scores {
  readonly accuracy: number
  readonly top5: number
  readonly loss: number
}

/** Classes likelier than the label, ties towards lower classes. */
const rankOf = (row: Float32Array, label: number): number => {
  const own = row[label] ?? Number.NEGATIVE_INFINITY
  return row.reduce((n, x, k) => n + (x > own || (x === own && k < label) ? 1 : 0), 0)
}

/** Scores of logits [N, K] against labels [N]; labels of K and more are misses. */
export const scoresOf = (logits: Float32Array, classes: number, labels: Uint32Array): Scores => {
  let [hits, near, lost] = [0, 0, 0]
  labels.forEach((label, i) => {
    const row = logits.subarray(i * classes, (i + 1) * classes)
    const rank = label < classes ? rankOf(row, label) : Number.POSITIVE_INFINITY
    hits += rank === 0 ? 1 : 0
    near += rank < 5 ? 1 : 0
    lost += logSumExp(row) - (row[label] ?? Number.NEGATIVE_INFINITY)
  })
  const n = labels.length
  return { accuracy: hits / n, top5: near / n, loss: lost / n }
}
