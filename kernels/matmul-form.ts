// The three forms of a matrix product and their sizes: which operand is stored transposed, and what M, N and K are.
import * as E from 'fp-ts/Either'
import { type Aval, f32 } from '../src/core/aval.ts'
import { isArray } from './shapes.ts'

/** NN: A [M, K] B [K, N]. NT: A [M, K] B [N, K]^T. TN: A [K, M]^T B [K, N]. The result is [M, N]. */
export interface Form {
  readonly form: 'NN' | 'NT' | 'TN'
}

/** Sizes of a product: the result is [m, n], and k is summed over. */
export interface Sizes {
  readonly m: number
  readonly n: number
  readonly k: number
}

/** Is A stored [K, M]? */
export const transposesA = ({ form }: Form): boolean => form === 'TN'

/** Is B stored [N, K]? */
export const transposesB = ({ form }: Form): boolean => form === 'NT'

const sides = (aval: Aval | undefined, transposed: boolean): readonly [number, number] => {
  const [rows = 0, columns = 0] = aval?.shape ?? []
  return transposed ? [columns, rows] : [rows, columns]
}

/** Sizes of the product of operands 0 and 1 of a site whose shape rule has passed. */
export const sizesOf = (ins: ReadonlyArray<Aval>, form: Form): Sizes => {
  const [m, k] = sides(ins[0], transposesA(form))
  return { m, k, n: sides(ins[1], transposesB(form))[1] }
}

/** Multiplications and additions of a product. */
export const productFlops = ({ m, n, k }: Sizes): number => 2 * m * n * k

/** Shape rule of operands 0 and 1: two matrices that agree in k give [m, n]. */
export const productOf = (ins: ReadonlyArray<Aval>, form: Form): E.Either<string, Aval> => {
  const { m, n, k } = sizesOf(ins, form)
  return isArray(ins[0], 'f32', 2) &&
    isArray(ins[1], 'f32', 2) &&
    sides(ins[1], transposesB(form))[0] === k
    ? E.right(f32(m, n))
    : E.left(`${form.form} needs two f32 matrices that agree in the dimension summed over`)
}
