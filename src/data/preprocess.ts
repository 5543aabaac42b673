// Preprocessing as data: how an image becomes the pixels that a network was trained on.
import * as E from 'fp-ts/Either'
import { type Pixels, type Rectangle, type Size, showPixels } from './pixels.ts'
import { type Interpolation, resizePart } from './resize.ts'

/** A size to resize to: the shorter side, the longer in proportion (rounded down); or both sides. */
export type Resize =
  | { readonly _tag: 'Shorter'; readonly side: number }
  | { readonly _tag: 'Exact'; readonly size: Size }

/**
 * Resize (null: none), then crop the central square of side `crop` (null: none), then (pixel / 255 - mean) / std per
 * channel. A grey image serves a network of three channels three times over.
 */
export interface Preprocessing {
  readonly resize: Resize | null
  readonly interpolation: Interpolation
  readonly crop: number | null
  readonly mean: ReadonlyArray<number>
  readonly std: ReadonlyArray<number>
}

/** Mean and deviation per channel of pixels in [0, 1]. */
export type Standard = Pick<Preprocessing, 'mean' | 'std'>

/** What is known of images before they are prepared: the size of all, null where they differ, and their own standard. */
export interface Unprepared extends Standard {
  readonly alike: Size | null
}

/** Of ImageNet's training images. */
export const imagenetStandard: Standard = {
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
}

const halves: Standard = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] }

const shorterThenCrop = (
  side: number,
  crop: number,
  interpolation: Interpolation,
  standard: Standard,
): Preprocessing => ({ resize: { _tag: 'Shorter', side }, interpolation, crop, ...standard })

/** By family of weights: torchvision's first version, timm's and Hugging Face's vision transformers. */
export const preprocessings = {
  'torchvision-224': shorterThenCrop(256, 224, 'bilinear', imagenetStandard),
  'vit-224': shorterThenCrop(248, 224, 'bicubic', halves),
  'vit-384': shorterThenCrop(384, 384, 'bicubic', halves),
} as const satisfies Readonly<Record<string, Preprocessing>>

/** The size after `resize`, as torchvision computes it. */
export const resizedSize = (resize: Resize | null, { width, height }: Size): Size => {
  if (resize === null) return { width, height }
  if (resize._tag === 'Exact') return resize.size
  const { side } = resize
  return width <= height
    ? { width: side, height: Math.floor((side * height) / width) }
    : { width: Math.floor((side * width) / height), height: side }
}

/** Python's `round`: a half goes to the even neighbour. */
const roundHalfEven = (x: number): number => {
  const floor = Math.floor(x)
  return x - floor === 0.5 ? floor + (floor % 2) : Math.round(x)
}

/** What becomes of an image: its size after resizing, and the part of that which is kept. */
export interface Geometry {
  readonly resized: Size
  readonly part: Rectangle
}

/** The geometry for an image of a size; `Left` says why there is none. */
export const geometryOf = (
  { resize, crop }: Pick<Preprocessing, 'resize' | 'crop'>,
  size: Size,
): E.Either<string, Geometry> => {
  const resized = resizedSize(resize, size)
  const { width, height } = resized
  if (crop === null) return E.right({ resized, part: { left: 0, top: 0, width, height } })
  return crop > width || crop > height
    ? E.left(`${width} x ${height} pixels, smaller than the crop of ${crop}`)
    : E.right({
        resized,
        part: {
          left: roundHalfEven((width - crop) / 2),
          top: roundHalfEven((height - crop) / 2),
          width: crop,
          height: crop,
        },
      })
}

const tripled = ({ width, height, bytes }: Pixels): Pixels => {
  const three = new Uint8Array(3 * bytes.length)
  for (let i = 0; i < three.length; i++) three[i] = bytes[Math.floor(i / 3)] ?? 0
  return { width, height, channels: 3, bytes: three }
}

const withChannels = (image: Pixels, channels: number): E.Either<string, Pixels> => {
  if (image.channels === channels) return E.right(image)
  return image.channels === 1 && channels === 3
    ? E.right(tripled(image))
    : E.left(`${showPixels(image)} pixels, where ${channels} channels are needed`)
}

/** Whether nothing is resized and cropped. */
export const leavesPixels = ({ resize, crop }: Preprocessing): boolean =>
  resize === null && crop === null

/** Resizes and crops decoded pixels; standardising is left to the device. */
export const preprocessPixels = (image: Pixels, plan: Preprocessing): E.Either<string, Pixels> => {
  if (leavesPixels(plan)) return withChannels(image, plan.mean.length)
  const geometry = geometryOf(plan, image)
  if (E.isLeft(geometry)) return geometry
  const { resized, part } = geometry.right
  return withChannels(resizePart(image, resized, part, plan.interpolation), plan.mean.length)
}
