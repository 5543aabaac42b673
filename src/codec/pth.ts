// PyTorch's .pth, both forms, as pure bytes to arrays: no code is run, whatever the file asks for.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { type Fault, fault } from '../core/fault.ts'
import { elements, type NumberArray } from './number-array.ts'
import { legacyParts, looksLikeLegacyPth, type PthParts } from './pth-legacy.ts'
import { type StoredTensor, storageBytes, tensorsIn } from './pth-tensors.ts'
import { mendPth, zipParts } from './pth-zip.ts'
import { contiguous } from './strided.ts'
import { looksLikeZip } from './zip.ts'

/** True where the bytes begin like a checkpoint of PyTorch, of either form. */
export const looksLikePth = (bytes: Uint8Array): boolean =>
  looksLikeZip(bytes) || looksLikeLegacyPth(bytes)

// Views may share storages or repeat elements (stride 0): all together may take some times what the storages hold.
const overBudget = (
  tensors: ReadonlyMap<string, StoredTensor>,
  storages: PthParts['storages'],
): boolean => {
  const held = [...storages.values()].reduce((sum, { length }) => sum + length, 0)
  const made = [...tensors.values()].reduce((sum, { view }) => sum + 4 * elements(view.shape), 0)
  return made > 2 ** 24 + 4 * held
}

const arrayOf = (
  { storage, view }: StoredTensor,
  { storages, bigEndian }: PthParts,
): E.Either<string, NumberArray> => {
  const bytes = storages.get(storage.key)
  if (bytes === undefined) return E.left(`storage '${storage.key}' is missing`)
  return bytes.length < storageBytes(storage)
    ? E.left(`storage '${storage.key}' has ${bytes.length} bytes, not ${storageBytes(storage)}`)
    : E.right({
        dtype: view.dtype,
        shape: view.shape,
        bytes: contiguous(bytes, view, bigEndian),
      })
}

const arraysOf = (parts: PthParts): E.Either<string, ReadonlyMap<string, NumberArray>> =>
  pipe(
    tensorsIn(parts.value),
    E.filterOrElse(
      tensors => !overBudget(tensors, parts.storages),
      () => 'its tensors repeat its numbers without end',
    ),
    E.chain(tensors =>
      E.traverseArray(([name, tensor]: readonly [string, StoredTensor]) =>
        pipe(
          arrayOf(tensor, parts),
          E.bimap(
            what => `'${name}': ${what}`,
            array => [name, array] as const,
          ),
        ),
      )([...tensors]),
    ),
    E.map(entries => new Map(entries)),
  )

/**
 * The tensors of a `.pth` file by name, contiguous and little-endian; they may share its bytes. Left for damage, for
 * claims that cannot be true, and for any global beyond what weights need, which is named.
 */
export const decodePth = (
  bytes: Uint8Array,
  where: string,
): TE.TaskEither<Fault, ReadonlyMap<string, NumberArray>> => {
  const broken = (what: string): Fault => fault(what, where, mendPth)
  return pipe(
    looksLikeLegacyPth(bytes)
      ? TE.fromEither(E.mapLeft(broken)(legacyParts(bytes)))
      : zipParts(bytes, where),
    TE.chainEitherK(parts => E.mapLeft(broken)(arraysOf(parts))),
  )
}
