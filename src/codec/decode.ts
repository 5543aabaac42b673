// Decoding what comes from outside: io-ts errors become one fault that names the place.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as t from 'io-ts'
import { type Fault, fault } from '../core/fault.ts'

/** The path of an error, without the steps that io-ts adds for intersections. */
const pathOf = ({ context }: t.ValidationError): ReadonlyArray<string> =>
  context
    .map(entry => entry.key)
    .filter((key, i) => key !== '' && !(i > 0 && isIntersection(context[i - 1]?.type)))

const isIntersection = (type: t.Decoder<unknown, unknown> | undefined): boolean =>
  type instanceof t.IntersectionType

const shown = (u: unknown): string => {
  const json = u === undefined ? 'nothing' : (JSON.stringify(u) ?? String(u))
  return json.length > 60 ? `${json.slice(0, 57)}...` : json
}

const whatOf = (error: t.ValidationError): string =>
  error.message === undefined
    ? `${shown(error.value)} does not fit`
    : error.message.startsWith('must be')
      ? `${shown(error.value)} given`
      : error.message

const mendOf = (error: t.ValidationError): string =>
  error.message?.startsWith('must be') === true ? error.message.replace('must be', 'give') : ''

/** How the place of an error is named, from the path of keys to it. */
export type NamePlace = (path: ReadonlyArray<string>) => string

/** The place `key.key` in a file. */
export const inFile =
  (file: string): NamePlace =>
  path =>
    path.length === 0 ? file : `${file}, ${path.join('.')}`

/** The flag `--some-name` of a value `someName`. */
export const asFlag: NamePlace = path =>
  `--${(path[0] ?? '').replace(/[A-Z]/g, c => `-${c.toLowerCase()}`)}`

/** Decodes a value; the first thing that does not fit becomes the fault. `mend` is added where the codec has none. */
export const decodeWith =
  <A>(codec: t.Decoder<unknown, A>, place: NamePlace, mend: string) =>
  (u: unknown): E.Either<Fault, A> =>
    pipe(
      codec.decode(u),
      E.mapLeft(([error]) =>
        error === undefined
          ? fault('does not fit', place([]), mend)
          : fault(whatOf(error), place(pathOf(error)), mendOf(error) || mend),
      ),
    )

/** Parses JSON text of a file. */
export const parseJson = (text: string, where: string): E.Either<Fault, unknown> =>
  E.tryCatch(
    (): unknown => JSON.parse(text),
    error =>
      fault(
        `not JSON (${error instanceof Error ? error.message : String(error)})`,
        where,
        'mend the file',
      ),
  )
