// Weights from a file of any form that people have, told by its content: .safetensors, the same gzipped, .pth.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { decodeCheckpoint, isCheckpoint } from '../codec/checkpoint.ts'
import { toTorchvision } from '../codec/key-map.ts'
import { decodePth, looksLikePth } from '../codec/pth.ts'
import {
  decodeSafetensors,
  type Safetensors,
  safetensorsHeaderLength,
} from '../codec/safetensors.ts'
import { unwrapNames, type Weights, weightsOf } from '../codec/weights.ts'
import { type Fault, fault } from '../core/fault.ts'
import {
  closeFile,
  type OpenFile,
  openFile,
  readBytes,
  readPrefix,
} from './feature-source-bytes.ts'
import { inflateSafetensors } from './inflate-safetensors.ts'

/** No checkpoint of the networks here, its optimiser included, has more bytes. */
const largest = 2 ** 32

const openings: ReadonlyArray<readonly [string, string]> = [
  ['version https://git-lfs', 'a Git LFS pointer, not the file itself; fetch it with git lfs pull'],
  ['<', 'a web page, not weights'],
  ['\u0080', 'a pickle, but no checkpoint of PyTorch'],
]

const unknownForm = (first: Uint8Array, path: string): Fault => {
  const text = String.fromCharCode(...first).trimStart()
  const said = openings.find(([opening]) => text.startsWith(opening))?.[1]
  const what = said ?? 'neither .safetensors nor .pth'
  return fault(what, path, 'give weights as .safetensors, .safetensors.gz or .pth')
}

const isGzip = (first: Uint8Array): boolean => first[0] === 0x1f && first[1] === 0x8b

const looksLikeSafetensors = (first: Uint8Array): boolean => first[8] === 0x7b && first[7] === 0

/** Weights, and whose names those had that a run's checkpoint began with; null for all other files. */
interface Read {
  readonly weights: Weights
  readonly origin: string | null
}

const withoutOrigin = (weights: Weights): Read => ({ weights, origin: null })

// A run's checkpoint holds the optimiser and the meter beside the network: only the network is weights.
const fromSafetensors = (bytes: Uint8Array, path: string): E.Either<Fault, Read> =>
  pipe(
    decodeSafetensors(bytes, path),
    E.chain(({ arrays, metadata }: Safetensors) =>
      isCheckpoint(metadata)
        ? pipe(
            decodeCheckpoint(bytes, path),
            E.map(
              ({ parameters, origin }): Read => ({
                origin,
                weights: new Map(
                  Object.entries(parameters).map(([name, { aval, data }]) => [
                    name,
                    { shape: aval.shape, data, dtype: 'F32' },
                  ]),
                ),
              }),
            ),
          )
        : E.Functor.map(weightsOf(arrays, path), withoutOrigin),
    ),
  )

const readAll = (file: OpenFile): E.Either<Fault, Uint8Array> => readBytes(file, 0, file.size)

const readOpen = (file: OpenFile): TE.TaskEither<Fault, Read> => {
  const { path, size } = file
  const first = readPrefix(file, 64)
  if (E.isLeft(first)) return TE.left(first.left)
  if (size > largest) {
    return TE.left(fault(`a file of ${size} bytes`, path, 'give the weights of one network'))
  }
  if (isGzip(first.right)) {
    return pipe(
      inflateSafetensors(file),
      TE.chainEitherK(bytes => fromSafetensors(bytes, path)),
    )
  }
  if (looksLikePth(first.right)) {
    return pipe(
      TE.fromEither(readAll(file)),
      TE.chain(bytes => decodePth(bytes, path)),
      TE.chainEitherK(arrays => weightsOf(arrays, path)),
      TE.map(withoutOrigin),
    )
  }
  if (!looksLikeSafetensors(first.right)) return TE.left(unknownForm(first.right, path))
  return pipe(
    TE.fromEither(safetensorsHeaderLength(first.right.subarray(0, 8), size, path)),
    TE.chainEitherK(() => readAll(file)),
    TE.chainEitherK(bytes => fromSafetensors(bytes, path)),
  )
}

const read = (path: string): TE.TaskEither<Fault, Read> =>
  TE.bracket(TE.fromEither(openFile(path)), readOpen, file => TE.fromIO(() => closeFile(file)))

/**
 * The weights in a .safetensors, .safetensors.gz or .pth file, whichever it is by content, without the `module.` that
 * DataParallel puts before names. A run's checkpoint gives its network. Memory is bounded by the file's own size.
 */
export const readWeights = (path: string): TE.TaskEither<Fault, Weights> =>
  pipe(
    read(path),
    TE.map(({ weights }) => unwrapNames(weights)),
  )

/** The same under torchvision's names, and whose names they had: a run's checkpoint says what it began with. */
export const readNetworkWeights = (
  path: string,
): TE.TaskEither<Fault, ReturnType<typeof toTorchvision>> =>
  pipe(
    read(path),
    TE.map(({ weights, origin }) => {
      const named = toTorchvision(unwrapNames(weights))
      return origin === null ? named : { ...named, origin }
    }),
  )
