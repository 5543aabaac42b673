// How images become a network's input: what its weights were trained with, for the images at hand.
import {
  imagenetStandard,
  type Preprocessing,
  preprocessings,
  type Standard,
} from '../../src/data/preprocess.ts'
import type { Size } from '../../src/data/pixels.ts'
import type { Entry } from '../../src/models/registry.ts'

/** What is known of images before they are prepared: whether they all have one size, and their own standard. */
export interface Images extends Standard {
  readonly alike: Size | null
}

const exactly = (size: number, { alike }: Images, standard: Standard): Preprocessing => ({
  resize:
    alike?.width === size && alike.height === size
      ? null
      : { _tag: 'Exact', size: { width: size, height: size } },
  interpolation: 'bilinear',
  crop: null,
  mean: standard.mean,
  std: standard.std,
})

/** The shorter side at 224 becomes 256, and in proportion for other sizes; then the central square. */
const torchvision = (size: number): Preprocessing => ({
  ...preprocessings['torchvision-224'],
  resize: { _tag: 'Shorter', side: Math.round((size * 256) / 224) },
  crop: size,
})

const isForeignVit = (origin: string): boolean => /^(timm|Hugging Face) \(ViT\)$/.test(origin)

/**
 * Images of one size are resized to the network's as a whole; photographs are resized by their shorter side and cropped.
 * Vision transformers of timm and Hugging Face have a standard of their own, CIFAR's ResNets of 20 to 110 layers
 * ImageNet's, and networks trained here the data set's.
 */
export const preparationFor = (
  { preparation, size }: Pick<Entry, 'preparation' | 'size'>,
  origin: string,
  images: Images,
): Preprocessing => {
  if (preparation === 'stored') return exactly(size, images, images)
  if (preparation === 'cifar') return exactly(size, images, imagenetStandard)
  const plan = isForeignVit(origin)
    ? preprocessings[size === 384 ? 'vit-384' : 'vit-224']
    : torchvision(size)
  return images.alike === null ? plan : exactly(size, images, plan)
}
