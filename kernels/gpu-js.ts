// Reference kernels: a function of one element of the result, compiled and run by gpu.js on the CPU.
import { GPU } from 'gpu.js'

/** What a reference kernel reads: a flat row-major array. */
export type Flat = Float32Array | Uint32Array

/** Stands for an operand that a shape rule has already asked for. */
export const none: Flat = new Float32Array(0)

/** `this` inside a reference kernel: `thread.x` is the flat index of the element that it computes. */
export interface Lane {
  readonly thread: { readonly x: number; readonly y: number; readonly z: number }
  readonly output: { readonly x: number; readonly y: number; readonly z: number }
  readonly constants: Record<string, never>
}

const gpu = new GPU({ mode: 'cpu' })

/**
 * Compiles `body` with gpu.js at its first call; the kernel then computes `size` elements, at any size.
 * `body` is translated from its source: it sees only its arguments, `this`, `Math`, and may not close over names.
 */
export const hostKernel = <A extends ReadonlyArray<Flat | number>>(
  body: (this: Lane, ...args: A) => number,
): ((size: number, ...args: A) => Float32Array) => {
  const settings = {
    output: [1],
    dynamicOutput: true,
    dynamicArguments: true,
    loopMaxIterations: 2 ** 31,
    returnType: 'Number',
  }
  const run = gpu.createKernel(body.toString(), settings)
  return (size, ...args) => {
    run.setOutput([size])
    const result = run(...args)
    return result instanceof Float32Array ? result : new Float32Array(size)
  }
}

const isFour = (value: unknown): value is Float32Array => value instanceof Float32Array

/**
 * As `hostKernel`, for a `body` that gives four elements at once: those of rows 4 y .. 4 y + 3 in column x of a matrix
 * of `rows` x `columns`, where (x, y) is its thread. Sums that share their loads run twice as fast so.
 */
export const hostQuads = <A extends ReadonlyArray<Flat | number>>(
  body: (this: Lane, ...args: A) => ReadonlyArray<number>,
): ((rows: number, columns: number, ...args: A) => Float32Array) => {
  const settings = {
    output: [1, 1],
    dynamicOutput: true,
    dynamicArguments: true,
    loopMaxIterations: 2 ** 31,
    returnType: 'Array(4)',
  }
  const run = gpu.createKernel(body.toString(), settings)
  return (rows, columns, ...args) => {
    run.setOutput([columns, Math.ceil(rows / 4)])
    const quads: unknown = run(...args)
    const result = new Float32Array(rows * columns)
    if (!Array.isArray(quads)) return result
    for (let r = 0; r < rows; r++) {
      const row: unknown = quads[r >> 2]
      if (!Array.isArray(row)) continue
      for (let c = 0; c < columns; c++) {
        const four: unknown = row[c]
        if (isFour(four)) result[r * columns + c] = four[r & 3] ?? 0
      }
    }
    return result
  }
}

/** Whole numbers below 2^24, as a reference kernel returns them, as u32. */
export const toU32 = (values: Float32Array): Uint32Array => Uint32Array.from(values)
