// A quick linear probe: multinomial logistic regression on standardised features, judged elsewhere.
import * as E from 'fp-ts/Either'
import type { Features } from '../collapse/features.ts'
import { multiplyNT, transpose } from '../collapse/matrix.ts'
import { badShape, type MetricError, overflow } from '../collapse/metric-error.ts'
import { symmetricEigen } from '../collapse/symmetric-eigen.ts'
import { checkSide, columnMeans, crossGram, gramOf, type Reading, readRows } from './gram.ts'
import { checkHeldOut, checkLabelled, type Labelled } from './labelled.ts'
import { type LbfgsOptions, minimise } from './lbfgs.ts'
import { hitsOf, logitsOf, regressionLoss, type RowBlock } from './softmax-regression.ts'

/** `l2` on the weights (1 / N of the training rows), and the limits of L-BFGS. */
export interface ProbeOptions extends LbfgsOptions {
  readonly l2?: number
}

/** Accuracies 0 .. 1 on held-out and on training rows, the training loss in nats with its penalty,
 * the steps made, and whether the gradient came below tolerance. */
export interface Probe {
  readonly accuracy: number
  readonly trainAccuracy: number
  readonly loss: number
  readonly iterations: number
  readonly converged: boolean
}

// Rows as the regression sees them: [n, width], block by block.
interface Inputs {
  readonly width: number
  readonly train: ReadonlyArray<Float64Array>
  readonly test: ReadonlyArray<Float64Array>
}

const blockRows = 192

/** Mean 0 and variance 1 over the training rows; a column that does not vary reads as 0. */
export const standardReading = (features: Features): Reading => {
  const { data, n, d } = features
  const centre = columnMeans(features)
  const squares = new Float64Array(d)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) {
      const x = (data[i * d + j] ?? 0) - (centre[j] ?? 0)
      squares[j] = (squares[j] ?? 0) + x * x
    }
  }
  const scale = squares.map((square, j) => {
    const deviation = Math.sqrt(square / n)
    return deviation > 1e-12 * Math.abs(centre[j] ?? 0) ? 1 / deviation : 0
  })
  return { centre, scale }
}

// Three rows of zeros stand behind each block, so that loops may take four rows at a time.
const blocksOf = (
  n: number,
  width: number,
  read: (from: number, to: number, out: Float64Array) => void,
): ReadonlyArray<Float64Array> =>
  Array.from({ length: Math.ceil(n / blockRows) }, (_, i) => {
    const [from, to] = [i * blockRows, Math.min(n, (i + 1) * blockRows)]
    const block = new Float64Array((to - from + 3) * width)
    read(from, to, block)
    return block
  })

const fullInputs = (train: Features, test: Features, reading: Reading): Inputs => {
  const blocks = (features: Features) =>
    blocksOf(features.n, features.d, (from, to, out) => readRows(features, reading, from, to, out))
  return { width: train.d, train: blocks(train), test: blocks(test) }
}

// The best W lies in the span of the rows, so the coordinates U S of wide rows serve as well: the
// loss, the penalty and the logits are the same numbers.
const reducedInputs = (
  train: Features,
  test: Features,
  reading: Reading,
): E.Either<MetricError, Inputs> => {
  const side = checkSide(train)
  if (E.isLeft(side)) return side
  const n = train.n
  const gram = gramOf(train, reading)
  if (!gram.every(Number.isFinite)) return E.left(overflow('a product of features'))
  const { values, vectors } = symmetricEigen(gram, n)
  const floor = train.d * Number.EPSILON * (values[0] ?? 0)
  const rank = Math.max(1, values.filter(value => value > floor).length)
  const root = (a: number): number => Math.sqrt(Math.max(values[a] ?? 0, floor))
  const part = (by: (a: number) => number) =>
    vectors.slice(0, rank * n).map((u, at) => u * by(Math.floor(at / n)))
  const own = transpose(part(root), rank, n)
  const inverse = part(a => (root(a) > 0 ? 1 / root(a) : 0))
  const held = multiplyNT(crossGram(test, train, reading), test.n, inverse, rank, n)
  const blocks = (rows: Float64Array) =>
    blocksOf(rows.length / rank, rank, (from, to, out) =>
      out.set(rows.subarray(from * rank, to * rank)),
    )
  return E.right({ width: rank, train: blocks(own), test: blocks(held) })
}

const largestInput = 2 ** 27

const inputsOf = (train: Features, test: Features): E.Either<MetricError, Inputs> => {
  const reading = standardReading(train)
  if (!reading.scale.every(Number.isFinite)) return E.left(overflow('a variance'))
  if (train.d > 2 * train.n) return reducedInputs(train, test, reading)
  return (train.n + test.n) * train.d <= largestInput
    ? E.right(fullInputs(train, test, reading))
    : E.left(badShape(`${train.n + test.n} rows of ${train.d}, past ${largestInput} values`))
}

const labelledBlocks = (
  blocks: ReadonlyArray<Float64Array>,
  ids: Int32Array,
): ReadonlyArray<RowBlock> =>
  blocks.map((rows, i) => ({ rows, ids: ids.subarray(i * blockRows, (i + 1) * blockRows) }))

const fit = (
  { width, train, test }: Inputs,
  ids: Int32Array,
  held: Int32Array,
  classes: number,
  { l2 = 1 / ids.length, ...limits }: ProbeOptions,
): Probe => {
  const blocks = labelledBlocks(train, ids)
  const loss = regressionLoss({ blocks, n: ids.length, d: width, classes, l2 })
  const found = minimise(loss, new Float64Array(classes * (width + 1)), limits)
  const share = (of: ReadonlyArray<RowBlock>, n: number): number =>
    of.reduce((hits, block) => {
      const logits = logitsOf(block.rows, block.ids.length, found.x, classes, width)
      return hits + hitsOf(logits, block.ids, classes)
    }, 0) / n
  return {
    accuracy: share(labelledBlocks(test, held), held.length),
    trainAccuracy: share(blocks, ids.length),
    loss: found.value,
    iterations: found.iterations,
    converged: found.converged,
  }
}

/** A linear probe trained on `train` [N, d] and judged on `test` [M, d]: standardised by the training
 * rows, L-BFGS from zero, the penalty that of scikit-learn's C = 1 unless told. The same numbers every
 * time; at most 2 N K min(d, N) steps an iteration. Where d > 2 N it works on the rows' N coordinates.
 * Left for test labels not among the classes, N > 2048 beside d > 2 N, or more than 2^27 values. */
export const linearProbe = (
  train: Labelled,
  test: Labelled,
  options: ProbeOptions = {},
): E.Either<MetricError, Probe> => {
  const { l2 = 1 } = options
  if (!(l2 >= 0 && Number.isFinite(l2))) return E.left(badShape(`a penalty of ${l2}`))
  const checked = checkLabelled(train)
  if (E.isLeft(checked)) return checked
  const { ids, classes } = checked.right
  const held = checkHeldOut(test, classes, train.features.d)
  if (E.isLeft(held)) return held
  return E.map((inputs: Inputs) => fit(inputs, ids, held.right, classes, options))(
    inputsOf(train.features, test.features),
  )
}
