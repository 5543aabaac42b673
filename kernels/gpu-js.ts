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

/** Whole numbers below 2^24, as a reference kernel returns them, as u32. */
export const toU32 = (values: Float32Array): Uint32Array => Uint32Array.from(values)
