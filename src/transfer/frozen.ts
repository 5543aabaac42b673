// The proof that a transfer left alone what it froze: contents compared bit by bit.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { Data } from '../core/aval.ts'
import { type Fault, failure } from '../core/fault.ts'
import type { Contents } from '../train/network.ts'

const bits = ({ buffer, byteOffset, byteLength }: Data): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength)

/** Paths of arrays whose bits are not the same in both, or that are in one alone. */
export const changed = (before: Contents, after: Contents): ReadonlyArray<string> =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(path => {
    const [a, b] = [before[path], after[path]]
    return a === undefined || b === undefined || !bits(a).equals(bits(b))
  })

/** How many arrays were frozen, all of them bit-identical; a failure that names one that is not. */
export const proveFrozen = (before: Contents, after: Contents): E.Either<Fault, number> =>
  pipe(
    changed(before, after),
    E.fromPredicate(
      paths => paths.length === 0,
      ([first = '', ...others]) =>
        failure(
          `frozen, and yet changed${others.length > 0 ? `, as are ${others.length} others` : ''}`,
          `parameter ${first}`,
          'report this',
        ),
    ),
    E.map(() => Object.keys(before).length),
  )
