// JPEG, PNG and WebP files decoded by sharp (libvips), off the main thread, with a network's preprocessing.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Sharp, SharpOptions } from 'sharp'
import { type Fault, failure, fault } from '../core/fault.ts'
import type { Pixels, Size } from './pixels.ts'
import { type Geometry, geometryOf, type Preprocessing, preprocessPixels } from './preprocess.ts'

type Decoder = (file: Uint8Array, options: SharpOptions) => Sharp

/** An image has at most as many pixels (8192 x 8192). */
const MOST_PIXELS = 2 ** 26

/** Colour profiles are ignored, as PIL does. */
const options: SharpOptions = {
  limitInputPixels: MOST_PIXELS,
  failOn: 'truncated',
  ignoreIcc: true,
}

/** The first try also refuses warnings, for one of them says that the header promises more than the file holds. */
const strict: SharpOptions = { ...options, failOn: 'warning' }

const load = async (): Promise<Decoder> => {
  const { default: sharp } = await import('sharp')
  sharp.cache(false)
  sharp.concurrency(1)
  return sharp
}

let loaded: Promise<Decoder> | undefined

const decoder: TE.TaskEither<Fault, Decoder> = TE.tryCatch(
  () => {
    loaded ??= load()
    return loaded
  },
  () => failure('the image decoder cannot be loaded', 'package sharp', 'run npm ci'),
)

/** True where the bytes begin like a JPEG, PNG or WebP file; sharp would open other formats too. */
export const looksLikeImage = (file: Uint8Array): boolean => {
  const begins = (at: number, text: string): boolean =>
    [...text].every((letter, i) => file[at + i] === letter.charCodeAt(0))
  return (
    begins(0, '\xff\xd8\xff') ||
    begins(0, '\x89PNG\r\n\x1a\n') ||
    (begins(0, 'RIFF') && begins(8, 'WEBP'))
  )
}

const mend = 'replace the file or take it away'

const undecodable = (where: string, error: unknown): Fault => {
  const reason = error instanceof Error ? error.message : String(error)
  return fault(`cannot be decoded (${reason.replace(/\s+/g, ' ').trim()})`, where, mend)
}

interface Opened extends Size {
  readonly sharp: Decoder
  readonly hasAlpha: boolean
}

const forFile = (file: Uint8Array, where: string): TE.TaskEither<Fault, Decoder> =>
  looksLikeImage(file) ? decoder : TE.left(fault('is no JPEG, PNG or WebP image', where, mend))

const opened = (file: Uint8Array, where: string): TE.TaskEither<Fault, Opened> =>
  pipe(
    forFile(file, where),
    TE.chain(sharp =>
      TE.tryCatch(
        async () => {
          const { width, height, hasAlpha } = await sharp(file, options).metadata()
          return { sharp, width, height, hasAlpha }
        },
        error => undecodable(where, error),
      ),
    ),
  )

/** Reads the size of an image from its header. */
export const imageSize = (file: Uint8Array, where: string): TE.TaskEither<Fault, Size> =>
  pipe(
    opened(file, where),
    TE.map(({ width, height }) => ({ width, height })),
  )

const isTooShort = (error: unknown): boolean =>
  error instanceof Error && /premature end|truncated|read error/i.test(error.message)

const pixelsOf = async (image: Sharp): Promise<Pixels> => {
  const { data, info } = await image
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  const { width, height, channels } = info
  return { width, height, channels, bytes: data }
}

/** Decodes; files that hold too little are refused, other damage is borne as PIL bears it. */
const rgb = (
  sharp: Decoder,
  file: Uint8Array,
  where: string,
  change: (image: Sharp) => Sharp = image => image,
): TE.TaskEither<Fault, Pixels> =>
  TE.tryCatch(
    () =>
      pixelsOf(change(sharp(file, strict))).catch(error =>
        isTooShort(error) ? Promise.reject(error) : pixelsOf(change(sharp(file, options))),
      ),
    error => undecodable(where, error),
  )

const kernels = { bilinear: 'linear', bicubic: 'cubic' } as const

/** libvips resizes off the main thread: within half a grey level of PIL on average where no side grows. */
const resizedByVips =
  ({ resized, part }: Geometry, interpolation: Preprocessing['interpolation']) =>
  (image: Sharp): Sharp =>
    image
      .resize({ ...resized, fit: 'fill', kernel: kernels[interpolation], fastShrinkOnLoad: false })
      .extract(part)

const preprocessed =
  (file: Uint8Array, where: string, plan: Preprocessing) =>
  ({ sharp, width, height, hasAlpha }: Opened): TE.TaskEither<Fault, Pixels> => {
    const refuse = (what: string): Fault => fault(what, where, mend)
    const geometry = geometryOf(plan, { width, height })
    if (E.isLeft(geometry)) return TE.left(refuse(geometry.left))
    const { resized } = geometry.right
    const grows = resized.width > width || resized.height > height
    return grows || hasAlpha || plan.mean.length !== 3
      ? pipe(
          rgb(sharp, file, where),
          TE.chainEitherK(image => E.Bifunctor.mapLeft(preprocessPixels(image, plan), refuse)),
        )
      : rgb(sharp, file, where, resizedByVips(geometry.right, plan.interpolation))
  }

/**
 * Decodes a file to RGB pixels, transparency dropped, and resizes and crops them by `plan` (null: as they are).
 * `Left` for other formats, truncated files, more than 2^26 pixels, and images smaller than the crop.
 */
export const decodeImage = (
  file: Uint8Array,
  where: string,
  plan: Preprocessing | null,
): TE.TaskEither<Fault, Pixels> =>
  plan === null
    ? pipe(
        forFile(file, where),
        TE.chain(sharp => rgb(sharp, file, where)),
      )
    : pipe(opened(file, where), TE.chain(preprocessed(file, where, plan)))
