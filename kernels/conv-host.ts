// Reference kernels of convolution and its two gradients: one element of the result as a sum over all that it sees.
import type { Images, Sides } from './conv-form.ts'
import { type Flat, hostKernel } from './gpu-js.ts'

const forward = hostKernel(function (
  x: Flat,
  w: Flat,
  height: number,
  width: number,
  channels: number,
  outHeight: number,
  outWidth: number,
  out: number,
  rows: number,
  columns: number,
  inGroup: number,
  outGroup: number,
  stride: number,
  padding: number,
  dilation: number,
) {
  const o = this.thread.x % out
  const p = Math.floor(this.thread.x / out)
  const left = (p % outWidth) * stride - padding
  const top = (Math.floor(p / outWidth) % outHeight) * stride - padding
  const image = Math.floor(p / (outWidth * outHeight)) * height
  const c0 = Math.floor(o / outGroup) * inGroup
  let sum = 0
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const a = top + i * dilation
      const b = left + j * dilation
      if (a >= 0 && a < height && b >= 0 && b < width) {
        const from = ((image + a) * width + b) * channels + c0
        const under = (o * inGroup * rows + i) * columns + j
        for (let c = 0; c < inGroup; c++) {
          sum += (x[from + c] ?? 0) * (w[under + c * rows * columns] ?? 0)
        }
      }
    }
  }
  return sum
})

const inputGradient = hostKernel(function (
  dy: Flat,
  w: Flat,
  height: number,
  width: number,
  channels: number,
  outHeight: number,
  outWidth: number,
  out: number,
  rows: number,
  columns: number,
  inGroup: number,
  outGroup: number,
  stride: number,
  padding: number,
  dilation: number,
) {
  const c = this.thread.x % channels
  const p = Math.floor(this.thread.x / channels)
  const column = (p % width) + padding
  const row = (Math.floor(p / width) % height) + padding
  const image = Math.floor(p / (width * height)) * outHeight
  const group = Math.floor(c / inGroup)
  let sum = 0
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const a = (row - i * dilation) / stride
      const b = (column - j * dilation) / stride
      const meets = a === Math.floor(a) && b === Math.floor(b)
      if (meets && a >= 0 && a < outHeight && b >= 0 && b < outWidth) {
        const from = ((image + a) * outWidth + b) * out + group * outGroup
        const under = ((group * outGroup * inGroup + c - group * inGroup) * rows + i) * columns + j
        for (let o = 0; o < outGroup; o++) {
          sum += (dy[from + o] ?? 0) * (w[under + o * inGroup * rows * columns] ?? 0)
        }
      }
    }
  }
  return sum
})

const weightGradient = hostKernel(function (
  dy: Flat,
  x: Flat,
  batch: number,
  height: number,
  width: number,
  channels: number,
  outHeight: number,
  outWidth: number,
  out: number,
  rows: number,
  columns: number,
  inGroup: number,
  outGroup: number,
  stride: number,
  padding: number,
  dilation: number,
) {
  const j = this.thread.x % columns
  const q = Math.floor(this.thread.x / columns)
  const i = q % rows
  const c = Math.floor(q / rows) % inGroup
  const o = Math.floor(q / (rows * inGroup))
  const channel = Math.floor(o / outGroup) * inGroup + c
  let sum = 0
  for (let image = 0; image < batch; image++) {
    for (let row = 0; row < outHeight; row++) {
      const a = row * stride - padding + i * dilation
      if (a >= 0 && a < height) {
        for (let column = 0; column < outWidth; column++) {
          const b = column * stride - padding + j * dilation
          if (b >= 0 && b < width) {
            sum +=
              (dy[((image * outHeight + row) * outWidth + column) * out + o] ?? 0) *
              (x[((image * height + a) * width + b) * channels + channel] ?? 0)
          }
        }
      }
    }
  }
  return sum
})

const numbersOf = ({ x, w, y, conv }: Sides) =>
  [
    x.height,
    x.width,
    x.channels,
    y.height,
    y.width,
    w.out,
    w.rows,
    w.columns,
    w.channels,
    w.out / conv.groups,
    conv.stride,
    conv.padding,
    conv.dilation,
  ] as const

const pixelsOf = ({ batch, height, width }: Images): number => batch * height * width

/** y from x and w. */
export const hostConv = (x: Flat, w: Flat, sides: Sides): Float32Array =>
  forward(pixelsOf(sides.y) * sides.w.out, x, w, ...numbersOf(sides))

/** dx from dy and w. */
export const hostInputGradient = (dy: Flat, w: Flat, sides: Sides): Float32Array =>
  inputGradient(pixelsOf(sides.x) * sides.x.channels, dy, w, ...numbersOf(sides))

/** dw from dy and x. */
export const hostWeightGradient = (dy: Flat, x: Flat, sides: Sides): Float32Array => {
  const { out, channels, rows, columns } = sides.w
  const size = out * channels * rows * columns
  return weightGradient(size, dy, x, sides.x.batch, ...numbersOf(sides))
}
