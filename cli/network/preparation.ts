// How images become a network's input: what its weights were trained with, for the images at hand.
import {
  imagenetStandard,
  type Preprocessing,
  preprocessings,
  type Standard,
  type Unprepared,
} from '../../src/data/preprocess.ts'
import type { Model } from '../../src/models/model.ts'
import type { Entry } from '../../src/models/registry.ts'

const exactly = (size: number, { alike }: Unprepared, standard: Standard): Preprocessing => ({
  resize:
    alike?.width === size && alike.height === size
      ? null
      : { _tag: 'Exact', size: { width: size, height: size } },
  interpolation: 'bilinear',
  crop: null,
  mean: standard.mean,
  std: standard.std,
})

/** Channels of a network's images; the MLP takes grey ones. */
export const channelsOf = ({ input }: Pick<Model, 'input'>): number => input[2] ?? 1

/** The standard of grey images for a network of three channels: the same three times over. */
const ofChannels = ({ mean, std }: Standard, channels: number): Standard => {
  const repeated = (values: ReadonlyArray<number>) =>
    values.length === 1 ? Array.from({ length: channels }, () => values[0] ?? 0) : values
  return { mean: repeated(mean), std: repeated(std) }
}

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
 * ImageNet's, and networks trained here the data set's, which serves all `channels` where it is of grey images.
 */
export const preparationFor = (
  { preparation, size }: Pick<Entry, 'preparation' | 'size'>,
  origin: string,
  images: Unprepared,
  channels = 3,
): Preprocessing => {
  if (preparation === 'stored') return exactly(size, images, ofChannels(images, channels))
  if (preparation === 'cifar') return exactly(size, images, imagenetStandard)
  const plan = isForeignVit(origin)
    ? preprocessings[size === 384 ? 'vit-384' : 'vit-224']
    : torchvision(size)
  return images.alike === null ? plan : exactly(size, images, plan)
}
