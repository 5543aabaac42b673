// Pieces: the values of a program's arrays, whole or in ranges of rows, cut and joined anew where a reader needs others.
import type { Aval } from '../core/aval.ts'
import { applyPrimitive, at, type Moves, type Primitive } from '../core/op.ts'
import { bottom, type Value } from '../core/value.ts'
import { isLarge, leading, type Range, trailing } from './parts.ts'

/** A range of an array's rows and its value. */
export interface Piece extends Range {
  readonly value: Value
}

const one = (primitive: Primitive, args: ReadonlyArray<Value>): Value =>
  at(applyPrimitive(primitive, args), 0)

/** The values of arrays by id; each cut and each join is made once. */
export class Pieces {
  readonly #pieces = new Map<number, ReadonlyArray<Piece>>()
  readonly #made = new Map<string, Value>()

  constructor(
    readonly moves: Moves,
    readonly aval: (id: number) => Aval,
    readonly limit: number,
  ) {}

  /** Gives array `id` its pieces, which lie one after the other from row 0 to the last. */
  set(id: number, pieces: ReadonlyArray<Piece>): void {
    this.#pieces.set(id, pieces)
  }

  /** Gives array `id` one value. */
  setWhole(id: number, value: Value): void {
    this.set(id, [{ from: 0, to: leading(this.aval(id)), value }])
  }

  /** The pieces of a large array as they are; one piece where the whole fits. */
  get(id: number): ReadonlyArray<Piece> {
    return isLarge(this.aval(id), this.limit)
      ? (this.#pieces.get(id) ?? [])
      : [{ from: 0, to: leading(this.aval(id)), value: this.whole(id) }]
  }

  /** The array in one value. */
  whole(id: number): Value {
    return this.range(id, { from: 0, to: leading(this.aval(id)) })
  }

  /** Rows of an array in one value. */
  range(id: number, { from, to }: Range): Value {
    const key = `${id}:${from}:${to}`
    const known = this.#made.get(key)
    if (known !== undefined) return known
    const shares = (this.#pieces.get(id) ?? [])
      .filter(p => p.from < to && from < p.to)
      .map(p => this.#within(p, { from, to }))
    const [first, ...more] = shares
    const value =
      first === undefined
        ? bottom([{ op: 'split', message: `array ${id} has no rows ${from} to ${to}` }])
        : more.length === 0
          ? first
          : one(this.moves.join(shares.map(s => s.aval)), shares)
    this.#made.set(key, value)
    return value
  }

  /** Columns of an array in one value. */
  columns(id: number, { from, to }: Range): Value {
    const key = `${id}|${from}|${to}`
    const whole = this.whole(id)
    const value =
      this.#made.get(key) ??
      (to - from === trailing(this.aval(id))
        ? whole
        : one(this.moves.columns(whole.aval, from, to), [whole]))
    this.#made.set(key, value)
    return value
  }

  #within({ value, ...piece }: Piece, wanted: Range): Value {
    const from = Math.max(piece.from, wanted.from) - piece.from
    const to = Math.min(piece.to, wanted.to) - piece.from
    return from === 0 && to === piece.to - piece.from
      ? value
      : one(this.moves.slice(value.aval, from, to), [value])
  }
}
