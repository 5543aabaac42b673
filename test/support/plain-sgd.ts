// An independent account of a linear probe's training: softmax regression by SGD with momentum, in float64 and by hand.

/** Rows [n, d] and labels 0..classes-1. */
export interface PlainRows {
  readonly rows: Float32Array
  readonly width: number
  readonly labels: Uint32Array
}

/** A linear classifier: weight [classes, width], bias [classes]. */
export interface PlainHead {
  readonly weight: Float64Array
  readonly bias: Float64Array
}

/** Loss of an epoch, the mean over its rows as each step saw them, and accuracies after or in it, as shares. */
export interface PlainEpoch {
  readonly loss: number
  readonly trainAccuracy: number
  readonly testAccuracy: number
}

const logitsOf = ({ weight, bias }: PlainHead, row: Float32Array): ReadonlyArray<number> =>
  [...bias].map((b, k) => row.reduce((sum, x, j) => sum + x * (weight[k * row.length + j] ?? 0), b))

const rowOf = ({ rows, width }: PlainRows, i: number): Float32Array =>
  rows.subarray(i * width, (i + 1) * width)

const best = (logits: ReadonlyArray<number>): number => logits.indexOf(Math.max(...logits))

const softmax = (logits: ReadonlyArray<number>): ReadonlyArray<number> => {
  const top = Math.max(...logits)
  const powers = logits.map(x => Math.exp(x - top))
  const total = powers.reduce((a, b) => a + b, 0)
  return powers.map(p => p / total)
}

/** Share of rows whose largest logit is the label's. */
export const plainAccuracy = (head: PlainHead, data: PlainRows): number =>
  data.labels.reduce(
    (hits, label, i) => hits + (best(logitsOf(head, rowOf(data, i))) === label ? 1 : 0),
    0,
  ) / data.labels.length

/** One step of PyTorch's SGD on the rows of a batch; momentum buffers and the head change. Gives [loss sum, hits]. */
const step = (
  head: PlainHead,
  buffers: PlainHead,
  data: PlainRows,
  batch: Uint32Array,
  { lr, momentum, weightDecay }: Readonly<Record<'lr' | 'momentum' | 'weightDecay', number>>,
): readonly [number, number] => {
  const { width } = data
  const dw = head.weight.map(w => weightDecay * w)
  const db = head.bias.map(b => weightDecay * b)
  let [lost, hits] = [0, 0]
  for (const i of batch) {
    const [row, label] = [rowOf(data, i), data.labels[i] ?? 0]
    const logits = logitsOf(head, row)
    const shares = softmax(logits)
    lost -= Math.log(shares[label] ?? 0)
    hits += best(logits) === label ? 1 : 0
    shares.forEach((p, k) => {
      const g = (p - (k === label ? 1 : 0)) / batch.length
      db[k] = (db[k] ?? 0) + g
      row.forEach((x, j) => {
        dw[k * width + j] = (dw[k * width + j] ?? 0) + g * x
      })
    })
  }
  const move = (at: Float64Array, buffer: Float64Array, g: Float64Array): void =>
    g.forEach((x, j) => {
      buffer[j] = momentum * (buffer[j] ?? 0) + x
      at[j] = (at[j] ?? 0) - lr * (buffer[j] ?? 0)
    })
  move(head.weight, buffers.weight, dw)
  move(head.bias, buffers.bias, db)
  return [lost, hits]
}

/** Trains a head in place, `orders` telling the rows of each epoch in their order and `lrs` its learning rate. */
export const plainSgd = (
  head: PlainHead,
  train: PlainRows,
  test: PlainRows,
  orders: ReadonlyArray<Uint32Array>,
  lrs: ReadonlyArray<number>,
  { batch, momentum, weightDecay }: Readonly<Record<'batch' | 'momentum' | 'weightDecay', number>>,
): ReadonlyArray<PlainEpoch> => {
  const buffers = { weight: head.weight.map(() => 0), bias: head.bias.map(() => 0) }
  return orders.map((order, e) => {
    let [lost, hits] = [0, 0]
    for (let first = 0; first < order.length; first += batch) {
      const rows = order.subarray(first, first + batch)
      const hyper = { lr: lrs[e] ?? 0, momentum, weightDecay }
      const [l, h] = step(head, buffers, train, rows, hyper)
      lost += l
      hits += h
    }
    const n = order.length
    return { loss: lost / n, trainAccuracy: hits / n, testAccuracy: plainAccuracy(head, test) }
  })
}
