// A unary op as a layer: what an activation is, one's own too.
import { apply, type Op } from '../core/op.ts'
import { type Empty, type Layer, stateless } from './layer.ts'

/** A unary op with its attributes. */
export interface Unary<A> {
  readonly op: Op<A>
  readonly attrs: A
}

/** The layer y = op(x), without parameters. */
export const elementwise = <A>({ op, attrs }: Unary<A>): Layer<Empty, Empty> =>
  stateless(x => apply(op, attrs)(x))
