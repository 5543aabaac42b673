// The networks by name, each made for a number of classes, with the preprocessing that its public weights want.
import { cifarDepths, cifarResnet } from './resnet-cifar.ts'
import { densenet } from './densenet.ts'
import { mlp } from './mlp.ts'
import { mobilenet } from './mobilenet.ts'
import type { Model } from './model.ts'
import { resnet, resnetDepths } from './resnet.ts'
import { vit } from './vit.ts'

/**
 * How images become a network's input: as its public weights had them (`cifar`: as they are, by ImageNet's standard), or
 * as they are by their data set's.
 */
export type Preparation = 'imagenet' | 'cifar' | 'stored'

/** A network that can be named. `classes` are those of its public weights. */
export interface Entry {
  readonly about: string
  readonly classes: number
  readonly size: number
  /** What sizes of images must be multiples of; 1 where left out. */
  readonly patch?: number
  readonly preparation: Preparation
  readonly make: (sizes: { readonly size: number; readonly classes: number }) => Model
}

const imagenet = { classes: 1000, size: 224, preparation: 'imagenet' } as const
const cifar = { classes: 10, size: 32, preparation: 'cifar' } as const

const depths = Object.keys(resnetDepths).filter(
  (name): name is keyof typeof resnetDepths => name in resnetDepths,
)

const resnets = depths.map((depth): readonly [string, Entry] => [
  depth,
  {
    ...imagenet,
    about: `ResNet-${depth.slice(6)}, torchvision's`,
    make: sizes => resnet({ depth, stem: 'imagenet', ...sizes }),
  },
])

const cifarStems = depths.map((depth): readonly [string, Entry] => [
  `${depth}-cifar`,
  {
    ...cifar,
    preparation: 'stored',
    about: `ResNet-${depth.slice(6)} with a 3 x 3 stem and no pooling`,
    make: sizes => resnet({ depth, stem: 'cifar', ...sizes }),
  },
])

const cifarResnets = cifarDepths.map((depth): readonly [string, Entry] => [
  `resnet${depth}`,
  {
    ...cifar,
    about: `ResNet-${depth} for CIFAR, shortcuts without parameters`,
    make: sizes => cifarResnet({ depth, ...sizes }),
  },
])

const others: Readonly<Record<string, Entry>> = {
  densenet121: { ...imagenet, about: "DenseNet-121, torchvision's", make: densenet },
  mobilenet_v2: { ...imagenet, about: "MobileNetV2, torchvision's", make: mobilenet },
  vit_b_32: {
    ...imagenet,
    patch: 32,
    about: 'ViT-B/32 for images of 224 x 224',
    make: sizes => vit({ name: 'vit_b_32', ...sizes }),
  },
  'vit_b_32-384': {
    ...imagenet,
    size: 384,
    patch: 32,
    about: 'ViT-B/32 for images of 384 x 384',
    make: sizes => vit({ name: 'vit_b_32-384', ...sizes }),
  },
  mlp: {
    classes: 10,
    size: 28,
    preparation: 'stored',
    about: 'nine linear layers of width 784, for grey images',
    make: ({ size, classes }) => mlp({ inputs: size * size, depth: 9, width: 784, classes }),
  },
}

/** All networks by name. */
export const entries: Readonly<Record<string, Entry>> = Object.fromEntries([
  ...resnets,
  ...cifarStems,
  ...cifarResnets,
  ...Object.entries(others),
])

/** The network of a name, for its own image size where none is given; none where there is no such name. */
export const modelNamed = (
  name: string,
  sizes: { readonly size?: number; readonly classes?: number } = {},
): Model | undefined => {
  const entry = Object.hasOwn(entries, name) ? entries[name] : undefined
  return entry?.make({ size: entry.size, classes: entry.classes, ...sizes })
}
