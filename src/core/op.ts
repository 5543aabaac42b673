// The op record: all that is known of a primitive. A user's own op is one such record and nothing else.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { NonEmptyArray } from 'fp-ts/NonEmptyArray'
import * as O from 'fp-ts/Option'
import { type Aval, type Data, showAval } from './aval.ts'
import type { Target, Work } from './dispatch.ts'
import { bottom, type Call, type ShapeError, type Value } from './value.ts'

/** An op's attributes and the shapes at one place of use. */
export interface Site<A> {
  readonly attrs: A
  readonly ins: ReadonlyArray<Aval>
  readonly outs: ReadonlyArray<Aval>
}

/** An op applied in a graph, as its gradient sees it: `args` are its operands, `results` its outputs by port. */
export interface Applied<A> extends Site<A> {
  readonly args: ReadonlyArray<Value>
  readonly results: ReadonlyArray<Value>
}

/** Result `port` takes the storage of operand `index`: the shader finds the operand's contents at `Out port`. */
export interface Overwrite {
  readonly index: number
  readonly port: number
}

/** Granules `from` to `to` (not included) of the `of` into which the rows of a call's arrays fall, whole rows to each. */
export interface Portion {
  readonly from: number
  readonly to: number
  readonly of: number
}

/** Of `n` rows, or of any other multiple of `of`, those that belong to a portion. */
export const shareOf = (n: number, { from, to, of }: Portion): number => (n / of) * (to - from)

/** Binds a primitive to the shapes of its operands; `Left` is the shape rule's message. */
export type Binder = (ins: ReadonlyArray<Aval>) => E.Either<string, Primitive>

/**
 * A way in which a call falls apart into calls over parts of its arrays, because one is more than a device can bind.
 * Operands: `rows` are cut along the first axis and `columns` along the last, all alike; `whole` goes to every part; a
 * `table` is indexed by its rows. Results: `rows` lie one after the other, `columns` side by side; `sum`s of the parts are
 * added up in order; a `fold` overwrites its operand (see `overwrites`) part after part.
 */
export interface Splitting {
  readonly ins: ReadonlyArray<'rows' | 'columns' | 'whole' | 'table'>
  readonly outs: ReadonlyArray<'rows' | 'columns' | 'sum' | 'fold'>
  /** The call over a portion, where that has other attributes: a shape among them, a place in the whole array. */
  readonly part?: (portion: Portion) => Binder
  /** What puts the `sum`s of two parts together, the first's and then the second's; addition where left out. */
  readonly join?: Binder
  /**
   * The call over a further part of the table, from its row `first` on: operands are the op's own and then its results
   * from the parts before, which it overwrites where the index points into its part. The call over the first part, the
   * op itself, may write anything where the index points behind.
   */
  readonly further?: (first: number) => Binder
}

/**
 * A primitive: shape rule, lowering to shaders, gradient, and reference kernel.
 * `vjp` gives the cotangent of each operand (none where it has none); `oracle` computes the results on the host.
 */
export interface Op<A> {
  readonly name: string
  /** Number of results; 1 where it is left out. */
  readonly ports?: number
  readonly infer: (ins: ReadonlyArray<Aval>, attrs: A) => E.Either<string, ReadonlyArray<Aval>>
  readonly lower: (site: Site<A>, target: Target) => ReadonlyArray<Work>
  readonly vjp: (
    call: Applied<A>,
    cotangents: ReadonlyArray<O.Option<Value>>,
  ) => ReadonlyArray<O.Option<Value>>
  readonly oracle: (ins: ReadonlyArray<Data>, site: Site<A>) => ReadonlyArray<Data>
  /**
   * The results once more from the same operands, where that can be had for less from some of `results`, those of rank 0
   * and 1: statistics, which stay at hand. By the op itself where left out.
   */
  readonly again?: (call: Applied<A>) => ReadonlyArray<Value>
  /** Results written over an operand in place; the planner keeps the pure meaning by copying where it must. */
  readonly overwrites?: ReadonlyArray<Overwrite>
  /**
   * The primitive that does this one and then `consumer`, which alone reads this one's only result, as its operand `at`.
   * Its operands are this one's, followed by the consumer's others; its results are the consumer's.
   */
  readonly fuse?: (site: Site<A>, consumer: Primitive, at: number) => O.Option<Primitive>
  /** Multiplications and additions of its products; 0 where left out, since what else ops do is little. */
  readonly flops?: (site: Site<A>) => number
  /**
   * The ways in which a call may fall apart where an array is more than the device can bind; the planner takes the first
   * that leaves none so large. Such a call is refused where there is none.
   */
  readonly split?: (site: Site<A>) => ReadonlyArray<Splitting>
  /** The same results by ops that have a `split`, for an op that is no map over rows and no sum. */
  readonly expand?: (site: Site<A>, args: ReadonlyArray<Value>) => ReadonlyArray<Value>
}

/** A bound op's `split`. */
export interface Parts extends Splitting {
  readonly part: (portion: Portion) => Binder
}

/** An op with attributes and shapes bound: what a traced program is made of. */
export interface Primitive {
  readonly name: string
  readonly attrs: unknown
  readonly ins: ReadonlyArray<Aval>
  readonly outs: ReadonlyArray<Aval>
  readonly overwrites: ReadonlyArray<Overwrite>
  readonly flops: number
  readonly lower: (target: Target) => ReadonlyArray<Work>
  readonly oracle: (ins: ReadonlyArray<Data>) => ReadonlyArray<Data>
  readonly fuse: (consumer: Primitive, at: number) => O.Option<Primitive>
  readonly split: () => ReadonlyArray<Parts>
  readonly expand: O.Option<(args: ReadonlyArray<Value>) => ReadonlyArray<Value>>
}

/**
 * The primitives with which the planner moves data: `copy(x)` to a new array, `assign(x, dst)` over an old one; rows or
 * columns `from` to `to` of an array, arrays one after the other or side by side, and the sum of two f32 arrays.
 */
export interface Moves {
  readonly copy: (aval: Aval) => Primitive
  readonly assign: (aval: Aval) => Primitive
  readonly slice: (aval: Aval, from: number, to: number) => Primitive
  readonly join: (avals: ReadonlyArray<Aval>) => Primitive
  readonly columns: (aval: Aval, from: number, to: number) => Primitive
  readonly beside: (avals: ReadonlyArray<Aval>) => Primitive
  readonly add: (aval: Aval) => Primitive
}

/** Names an op record; the place where a user's own op starts. */
export const defineOp = <A>(op: Op<A>): Op<A> => op

const partsOf = <A>(op: Op<A>, site: Site<A>): ReadonlyArray<Parts> =>
  (op.split?.(site) ?? []).map(way => ({ part: () => primitive(op, site.attrs), ...way }))

/** Binds attributes and operand shapes; `Left` is the shape rule's message. */
export const primitive =
  <A>(op: Op<A>, attrs: A) =>
  (ins: ReadonlyArray<Aval>): E.Either<string, Primitive> =>
    pipe(
      op.infer(ins, attrs),
      E.map(outs => {
        const site: Site<A> = { attrs, ins, outs }
        return {
          name: op.name,
          attrs,
          ins,
          outs,
          overwrites: op.overwrites ?? [],
          flops: op.flops?.(site) ?? 0,
          lower: target => op.lower(site, target),
          oracle: data => op.oracle(data, site),
          fuse: (consumer, at) => op.fuse?.(site, consumer, at) ?? O.none,
          split: () => partsOf(op, site),
          expand: pipe(
            O.fromNullable(op.expand),
            O.map(expand => args => expand(site, args)),
          ),
        }
      }),
    )

const errorsOf = (args: ReadonlyArray<Value>): ReadonlyArray<ShapeError> =>
  args.flatMap(a => (a._tag === 'Bottom' ? a.errors : []))

const isNonEmpty = <A>(as: ReadonlyArray<A>): as is NonEmptyArray<A> => as.length > 0

const resultsOf = (call: Call): ReadonlyArray<Value> =>
  call.primitive.outs.map((aval, port) => ({ _tag: 'Apply', aval, call, port }))

/** A bound primitive applied to values of its operands' shapes, for passes over programs: it has no gradient. */
export const applyPrimitive = (
  primitive: Primitive,
  args: ReadonlyArray<Value>,
): ReadonlyArray<Value> =>
  resultsOf({
    primitive,
    args,
    vjp: () => args.map(() => O.none),
    again: as => applyPrimitive(primitive, args.map(as)),
  })

const itself = (value: Value): Value => value

/** Applies an op to values and gives all its results; wrong shapes give `Bottom`s, nothing throws. */
export const applyAll =
  <A>(op: Op<A>, attrs: A) =>
  (...args: ReadonlyArray<Value>): ReadonlyArray<Value> => {
    const failed = (errors: NonEmptyArray<ShapeError>) =>
      Array.from({ length: op.ports ?? 1 }, () => bottom(errors))
    const errors = errorsOf(args)
    if (isNonEmpty(errors)) return failed(errors)
    const ins = args.map(a => a.aval)
    const bound = primitive(op, attrs)(ins)
    if (E.isLeft(bound)) {
      return failed([
        { op: op.name, message: `${bound.left} (got ${ins.map(showAval).join(', ')})` },
      ])
    }
    const { outs } = bound.right
    const seen = (as: (value: Value) => Value, results: ReadonlyArray<Value>): Applied<A> => ({
      ...{ attrs, ins, outs, results },
      args: args.map(as),
    })
    const call: Call = {
      primitive: bound.right,
      args,
      vjp: (cotangents, as = itself) => op.vjp(seen(as, resultsOf(call).map(as)), cotangents),
      again: as => op.again?.(seen(as, resultsOf(call))) ?? applyAll(op, attrs)(...args.map(as)),
    }
    return resultsOf(call)
  }

/** Applies an op of one result. */
export const apply =
  <A>(op: Op<A>, attrs: A) =>
  (...args: ReadonlyArray<Value>): Value =>
    at(applyAll(op, attrs)(...args), 0)

/** Element `i` of a list of values; a `Bottom` where there is none. */
export const at = (values: ReadonlyArray<Value>, i: number): Value =>
  values[i] ?? bottom([{ op: 'at', message: `no value at position ${i} of ${values.length}` }])

/** For the `vjp` of ops that have no gradient (integer results, updates in place). */
export const noGradient = <A>(call: Applied<A>): ReadonlyArray<O.Option<Value>> =>
  call.args.map(() => O.none)
