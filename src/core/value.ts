// Values: immutable nodes of the op graph, without device handle or data.
import type { NonEmptyArray } from 'fp-ts/NonEmptyArray'
import type { Option } from 'fp-ts/Option'
import { type Aval, f32, isShape, showAval } from './aval.ts'
import type { Primitive } from './op.ts'

/** Why an op could not be applied: the op, and what is wrong with the shapes. */
export interface ShapeError {
  readonly op: string
  readonly message: string
}

/** An op applied to values: what a graph is made of. Identity of the object is identity of the computation. */
export interface Call {
  readonly primitive: Primitive
  readonly args: ReadonlyArray<Value>
  /** Cotangents of the operands; `as` says which values stand for the operands and results, themselves where left out. */
  readonly vjp: (
    cotangents: ReadonlyArray<Option<Value>>,
    as?: (value: Value) => Value,
  ) => ReadonlyArray<Option<Value>>
  /** The results made a second time, from other values for the operands; `as` says too which results are still at hand. */
  readonly again: (as: (value: Value) => Value) => ReadonlyArray<Value>
}

/** A named input, one result of a call, or the shape errors that stand in its place. */
export type Value =
  | { readonly _tag: 'Arg'; readonly aval: Aval; readonly name: string }
  | { readonly _tag: 'Apply'; readonly aval: Aval; readonly call: Call; readonly port: number }
  | { readonly _tag: 'Bottom'; readonly aval: Aval; readonly errors: NonEmptyArray<ShapeError> }

/** A value that could not be made; it travels through every op to `trace`, which reports it. */
export const bottom = (errors: NonEmptyArray<ShapeError>): Value => ({
  _tag: 'Bottom',
  aval: f32(),
  errors,
})

/** A named input of the program; the same name is the same input. */
export const arg = (name: string, aval: Aval): Value =>
  isShape(aval.shape)
    ? { _tag: 'Arg', aval, name }
    : bottom([
        { op: name, message: `dimensions must be positive whole numbers: ${showAval(aval)}` },
      ])

/** Key under which two values are the same: an argument by its name, a result by its call and port. */
export const sameValue = (a: Value, b: Value): boolean =>
  a === b ||
  (a._tag === 'Arg' && b._tag === 'Arg' && a.name === b.name) ||
  (a._tag === 'Apply' && b._tag === 'Apply' && a.call === b.call && a.port === b.port)

/** Renders shape errors on one line. */
export const showShapeErrors = (errors: ReadonlyArray<ShapeError>): string =>
  errors.map(e => `${e.op}: ${e.message}`).join('; ')
