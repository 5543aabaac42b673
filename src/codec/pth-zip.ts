// PyTorch's .pth since 1.6: a zip of `data.pkl`, the storages under `data/`, and the byte order.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { type Fault, fault } from '../core/fault.ts'
import { decodePickle, pickleLimit } from './pickle.ts'
import type { PthParts } from './pth-legacy.ts'
import { storageOf } from './pth-tensors.ts'
import { allowsGlobal } from './torch-globals.ts'
import { entryBytes, type ZipPlace, zipPlaces } from './zip.ts'

/** How much a compressed file may grow: no trained weights shrink to a hundredth. */
export const inflateLimit = (compressed: number): number => 2 ** 24 + 100 * compressed

/** How a checkpoint that is not read is mended. */
export const mendPth = 'save the weights alone: torch.save(model.state_dict(), path)'

const wanted = /^([^/]+\/)?(data\.pkl|byteorder|data\/[^/]+)$/
const pickleName = /^([^/]+\/)?data\.pkl$/

type Read = (place: ZipPlace) => E.Either<Fault, Uint8Array>

const readPickle = (place: ZipPlace, read: Read, where: string) =>
  pipe(
    place.size > pickleLimit
      ? E.left(fault(`a data.pkl of ${place.size} bytes`, where, mendPth))
      : read(place),
    E.chain(bytes =>
      pipe(
        decodePickle(bytes, allowsGlobal),
        E.mapLeft(what => fault(what, where, mendPth)),
      ),
    ),
  )

const isBigEndian = (
  place: ZipPlace | undefined,
  read: Read,
  where: string,
): E.Either<Fault, boolean> => {
  if (place === undefined) return E.right(false)
  if (place.size > 16) return E.left(fault('an unknown byte order', where, mendPth))
  return E.chain((bytes: Uint8Array): E.Either<Fault, boolean> => {
    const order = new TextDecoder().decode(bytes).trim()
    return order === 'little' || order === 'big'
      ? E.right(order === 'big')
      : E.left(fault(`byte order '${order}'`, where, mendPth))
  })(read(place))
}

// Only storages that the pickle names are read.
const readStorages = (
  stem: string,
  persistents: ReadonlyArray<Parameters<typeof storageOf>[0]>,
  places: ReadonlyMap<string, ZipPlace>,
  read: Read,
  where: string,
): E.Either<Fault, ReadonlyMap<string, Uint8Array>> => {
  const storages = new Map<string, Uint8Array>()
  for (const id of persistents) {
    const ref = storageOf(id)
    if (E.isLeft(ref)) return E.left(fault(ref.left, where, mendPth))
    const { key } = ref.right
    if (storages.has(key)) continue
    const place = places.get(`${stem}data/${key}`)
    if (place === undefined) return E.left(fault(`storage '${key}' is missing`, where, mendPth))
    const bytes = read(place)
    if (E.isLeft(bytes)) return bytes
    storages.set(key, bytes.right)
  }
  return E.right(storages)
}

const partsOf = (
  bytes: Uint8Array,
  listed: ReadonlyArray<ZipPlace>,
  where: string,
): E.Either<Fault, PthParts> => {
  const [pickle, ...more] = listed.filter(({ name }) => pickleName.test(name))
  if (pickle === undefined || more.length > 0) {
    return E.left(fault('a zip, but no checkpoint of PyTorch', where, 'give a .pth file'))
  }
  const packed = listed.filter(({ stored }) => !stored)
  if (packed.reduce((sum, { size }) => sum + size, 0) > inflateLimit(bytes.length)) {
    return E.left(fault('it inflates to more than weights can', where, mendPth))
  }
  const stem = pickle.name.slice(0, -'data.pkl'.length)
  const places = new Map(listed.map(place => [place.name, place]))
  const read: Read = place => entryBytes(bytes, place, where, 'get the file again')
  return pipe(
    E.Do,
    E.bind('object', () => readPickle(pickle, read, where)),
    E.bind('bigEndian', () => isBigEndian(places.get(`${stem}byteorder`), read, where)),
    E.bind('storages', ({ object }) => readStorages(stem, object.persistents, places, read, where)),
    E.map(({ object, bigEndian, storages }) => ({ value: object.value, bigEndian, storages })),
  )
}

/** Takes a .pth of the zip form apart. Left for a bomb, for a directory that lies, for a global that is not allowed. */
export const zipParts = (bytes: Uint8Array, where: string): TE.TaskEither<Fault, PthParts> =>
  pipe(
    zipPlaces(bytes, where, {
      keep: name => wanted.test(name),
      most: 100_000,
      mend: 'get the file again',
    }),
    TE.chainEitherK(places => partsOf(bytes, places, where)),
  )
