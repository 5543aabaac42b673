// Strided views over a storage, made contiguous: what a tensor of PyTorch is on disk.
import * as E from 'fp-ts/Either'
import { bytesPer, type Dtype, elements } from './number-array.ts'

/** A view over a storage of `dtype`; offset and strides count elements. */
export interface StridedView {
  readonly dtype: Dtype
  readonly shape: ReadonlyArray<number>
  readonly stride: ReadonlyArray<number>
  readonly offset: number
}

/** No tensor has more axes. */
export const mostAxes = 32

const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 0

/** The elements that the storage must hold for this view, or what is wrong with the view. */
export const spanOf = ({ shape, stride, offset }: StridedView): E.Either<string, number> => {
  if (shape.length !== stride.length || shape.length > mostAxes) {
    return E.left(`${shape.length} sizes and ${stride.length} strides`)
  }
  if (!isCount(offset)) return E.left(`offset ${offset}`)
  if (!shape.every(isCount)) return E.left(`shape [${shape.join(', ')}]`)
  if (!stride.every(isCount)) return E.left(`strides [${stride.join(', ')}]`)
  if (elements(shape) === 0) return E.right(0)
  const last = shape.reduce((at, size, i) => at + (size - 1) * (stride[i] ?? 0), offset)
  return Number.isSafeInteger(last) ? E.right(last + 1) : E.left('strides past all bounds')
}

const isRowMajor = ({ shape, stride }: StridedView): boolean => {
  let step = 1
  for (let i = shape.length - 1; i >= 0; i--) {
    const size = shape[i] ?? 1
    if (size !== 1 && stride[i] !== step) return false
    step *= size
  }
  return true
}

// Element by element in row-major order: `index` is an odometer, `at` its place in the storage.
const gather = (
  from: Uint8Array,
  to: Uint8Array,
  { dtype, shape, stride, offset }: StridedView,
): void => {
  const width = bytesPer[dtype]
  const index = shape.map(() => 0)
  let at = offset
  for (let i = 0; i < to.length; i += width) {
    for (let byte = 0; byte < width; byte++) to[i + byte] = from[at * width + byte] ?? 0
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1
      at += stride[axis] ?? 0
      if (next < (shape[axis] ?? 1)) {
        index[axis] = next
        break
      }
      at -= next * (stride[axis] ?? 0)
      index[axis] = 0
    }
  }
}

const swapped = (bytes: Uint8Array, width: number): Uint8Array => {
  const out = Uint8Array.from(bytes)
  for (let at = 0; at < out.length; at += width) out.subarray(at, at + width).reverse()
  return out
}

/**
 * The view's elements in row-major order, little-endian: shared with the storage where they lie so already. The
 * storage must hold `spanOf(view)` elements.
 */
export const contiguous = (
  storage: Uint8Array,
  view: StridedView,
  bigEndian: boolean,
): Uint8Array => {
  const width = bytesPer[view.dtype]
  const count = elements(view.shape)
  const start = view.offset * width
  const straight = (): Uint8Array => {
    if (isRowMajor(view)) return storage.subarray(start, start + count * width)
    const out = new Uint8Array(count * width)
    gather(storage, out, view)
    return out
  }
  if (count === 0) return new Uint8Array(0)
  return bigEndian && width > 1 ? swapped(straight(), width) : straight()
}
