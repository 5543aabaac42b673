// Where the files of a tar archive lie. Nothing is extracted; headers are decoded by node-tar.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { Header } from 'tar/header'
import { Pax } from 'tar/pax'
import { type Fault, fault } from '../core/fault.ts'

/** Bytes of the archive that can be read at any offset. */
export interface TarSource {
  readonly where: string
  readonly size: number
  readonly read: (offset: number, size: number) => E.Either<Fault, Uint8Array>
}

/** Where the content of one file of an archive lies. */
export interface TarPlace {
  readonly offset: number
  readonly size: number
}

const BLOCK = 512

/** An extended header holds a path and a few numbers; one that is longer is refused. */
const MOST_EXTENDED = 2 ** 20

const FILES: ReadonlyArray<string> = ['File', 'OldFile', 'ContiguousFile']
const PAX: ReadonlyArray<string> = ['ExtendedHeader', 'OldExtendedHeader']
const LONG_PATH: ReadonlyArray<string> = ['NextFileHasLongPath', 'OldGnuLongPath']

/** What headers say of the entries after them: `next` of the next one, `all` of all. */
interface Extended {
  readonly next: Pax | undefined
  readonly all: Pax | undefined
}

const mend = 'pack the images again with tar'

/** The path without `./` and doubled slashes; `Left` where it would lead out of the archive. */
const safePath = (path: string, where: string): E.Either<Fault, string> => {
  const parts = path.split(/[\\/]/).filter(part => part !== '' && part !== '.')
  return /^([\\/]|[a-z]:)/i.test(path) || parts.includes('..') || path.includes('\0')
    ? E.left(fault(`holds the path '${path.slice(0, 80)}', which leads out of it`, where, mend))
    : E.right(parts.join('/'))
}

const decodeHeader = (
  block: Uint8Array,
  { next, all }: Extended,
  where: string,
  at: number,
): E.Either<Fault, Header> => {
  const damaged = (): Fault =>
    fault(`no tar archive, or damaged at byte ${at}`, where, 'fetch the file again')
  return pipe(
    E.tryCatch(() => new Header(Buffer.from(block), 0, next, all), damaged),
    E.filterOrElse(header => header.nullBlock || header.cksumValid, damaged),
  )
}

const extendedBy = (
  source: TarSource,
  { type }: Header,
  { offset, size }: TarPlace,
  before: Extended,
): E.Either<Fault, Extended> => {
  if (size > MOST_EXTENDED) {
    return E.left(fault(`a header of ${size} bytes`, source.where, mend))
  }
  return pipe(
    source.read(offset, size),
    E.map(bytes => new TextDecoder().decode(bytes)),
    E.map((text): Extended => {
      if (type === 'GlobalExtendedHeader')
        return { ...before, all: Pax.parse(text, before.all, true) }
      if (PAX.includes(type)) return { ...before, next: Pax.parse(text, before.next) }
      return LONG_PATH.includes(type)
        ? { ...before, next: new Pax({ ...before.next, path: text.replace(/\0.*/s, '') }) }
        : before
    }),
  )
}

const placeOf = (
  { size: length, where }: TarSource,
  { size = 0 }: Header,
  offset: number,
): E.Either<Fault, TarPlace> =>
  Number.isSafeInteger(size) && offset + size <= length
    ? E.right({ offset, size })
    : E.left(fault('the file is truncated', where, 'fetch the file again'))

/** Adds a file; directories are passed over, links and devices refused. */
const entered = (
  files: Map<string, TarPlace>,
  { type, path = '' }: Header,
  place: TarPlace,
  where: string,
): E.Either<Fault, void> =>
  pipe(
    safePath(path, where),
    E.chain(safe => {
      if (type === 'Directory') return E.right(undefined)
      if (!FILES.includes(type)) {
        return E.left(fault(`holds '${safe.slice(0, 80)}', a ${type} and no file`, where, mend))
      }
      files.set(safe, place)
      return E.right(undefined)
    }),
  )

const isExtended = ({ type }: Header): boolean =>
  type === 'GlobalExtendedHeader' ||
  type === 'NextFileHasLongLinkpath' ||
  PAX.includes(type) ||
  LONG_PATH.includes(type)

/**
 * The files of an archive by path, a later one in place of an earlier one of the same path. `Left` for damage and
 * truncation, paths that are absolute or have `..`, links, devices, and extended headers of more than 1 MiB.
 */
export const tarPlaces = (source: TarSource): E.Either<Fault, ReadonlyMap<string, TarPlace>> => {
  const files = new Map<string, TarPlace>()
  let extended: Extended = { next: undefined, all: undefined }
  for (let at = 0; at + BLOCK <= source.size; ) {
    const block = source.read(at, BLOCK)
    if (E.isLeft(block)) return block
    const header = decodeHeader(block.right, extended, source.where, at)
    if (E.isLeft(header)) return header
    if (header.right.nullBlock) break
    const place = placeOf(source, header.right, at + BLOCK)
    if (E.isLeft(place)) return place
    if (isExtended(header.right)) {
      const more = extendedBy(source, header.right, place.right, extended)
      if (E.isLeft(more)) return more
      extended = more.right
    } else {
      const done = entered(files, header.right, place.right, source.where)
      if (E.isLeft(done)) return done
      extended = { ...extended, next: undefined }
    }
    at = place.right.offset + Math.ceil(place.right.size / BLOCK) * BLOCK
  }
  return files.size > 0
    ? E.right(files)
    : E.left(fault('no tar archive, or an empty one', source.where, mend))
}
