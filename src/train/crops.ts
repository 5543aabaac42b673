// Random crops and flips of images in training, out of black margins as torchvision pads before it standardises.
import type { CropFlip } from '../../kernels/crop-flip.ts'
import { hashName } from '../core/random.ts'
import type { ClassSamples } from './load-samples.ts'

/** Shifts by up to an eighth of the width, 4 pixels of 32, and mirrors every other image. */
export const cropsOf = ({ shape, contents }: ClassSamples): CropFlip => {
  const { mean, std } = contents._tag === 'Images' ? contents.format : { mean: [], std: [] }
  return {
    width: shape.width,
    reach: Math.round(shape.width / 8),
    margin: mean.map((m, c) => -m / (std[c] ?? 1)),
    key: hashName('crop-flip'),
  }
}
