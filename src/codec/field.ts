// Fields: the io-ts codecs of single values that come from outside, each with words for what it wants.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as t from 'io-ts'

/** A codec of values for which `is` holds; `wants` ends the sentence "must be ...". */
export const field = <A>(wants: string, is: (u: unknown) => u is A): t.Type<A, A, unknown> =>
  new t.Type(
    wants,
    is,
    (u, c) => (is(u) ? t.success(u) : t.failure(u, c, `must be ${wants}`)),
    a => a,
  )

const isNumber = (u: unknown): u is number => typeof u === 'number' && Number.isFinite(u)

/** A number for which `holds` is true. */
export const numberField = (wants: string, holds: (n: number) => boolean) =>
  field<number>(wants, (u): u is number => isNumber(u) && holds(u))

/** A whole number from `from` to `to`. */
export const wholeFrom = (from: number, to: number = Number.MAX_SAFE_INTEGER) =>
  numberField(
    to === Number.MAX_SAFE_INTEGER
      ? `a whole number of ${from} or more`
      : `a whole number from ${from} to ${to}`,
    n => Number.isInteger(n) && n >= from && n <= to,
  )

/** A number above 0. */
export const positive = numberField('a number above 0', n => n > 0)

/** A number of 0 or more. */
export const notNegative = numberField('a number of 0 or more', n => n >= 0)

/** A number of at least 0 and below 1. */
export const fraction = numberField('a number from 0 up to, not including, 1', n => n >= 0 && n < 1)

/** Text that is not empty. */
export const text = field<string>('text', (u): u is string => typeof u === 'string' && u !== '')

/** True or false. */
export const flag = field<boolean>('true or false', (u): u is boolean => typeof u === 'boolean')

/** One of the given words. */
export const oneOf = <A extends string>(words: ReadonlyArray<A>): t.Type<A, A, unknown> =>
  field<A>(`one of ${words.join(', ')}`, (u): u is A => words.some(w => w === u))

/** The same codec, for which a missing value stands for `value`; encoding always writes it out. */
export const withDefault = <A, O>(codec: t.Type<A, O, unknown>, value: A): t.Type<A, O, unknown> =>
  new t.Type(
    codec.name,
    codec.is,
    (u, c) => (u === undefined ? t.success(value) : codec.validate(u, c)),
    codec.encode,
  )

/** A value that may be missing. */
export const optional = <A, O>(
  codec: t.Type<A, O, unknown>,
): t.Type<A | undefined, O | undefined, unknown> =>
  new t.Type(
    codec.name,
    (u): u is A | undefined => u === undefined || codec.is(u),
    (u, c) => (u === undefined ? t.success(undefined) : codec.validate(u, c)),
    a => (a === undefined ? undefined : codec.encode(a)),
  )

/** A number written as text, as on a command line. */
export const fromText = (codec: t.Type<number, number, unknown>): t.Type<number, string, unknown> =>
  new t.Type(
    codec.name,
    codec.is,
    (u, c) =>
      typeof u === 'string' && u.trim() !== ''
        ? pipe(
            codec.validate(Number(u), c),
            E.orElse(() => t.failure<number>(u, c, `must be ${codec.name}`)),
          )
        : t.failure(u, c, `must be ${codec.name}`),
    String,
  )
