// Foreign names of parameters turned into torchvision's: timm, Hugging Face, older torchvision, CIFAR ResNets.
import { fuseAttention } from './key-map-fuse.ts'
import { huggingFaceResnet, huggingFaceVit, timmMobilenet, timmVit } from './key-map-rules.ts'
import type { Weights } from './weights.ts'

/** A rule: what a name begins with or contains, and what stands there in torchvision. */
export type NameRule = readonly [RegExp, string | ((...groups: ReadonlyArray<string>) => string)]

/** Names of one origin: how they are told, and how they are turned; the first rule that fits wins. */
export interface NameMap {
  readonly origin: string
  readonly fits: (names: ReadonlySet<string>) => boolean
  readonly rules: ReadonlyArray<NameRule>
}

const has =
  (...wanted: ReadonlyArray<string>) =>
  (names: ReadonlySet<string>): boolean =>
    wanted.every(name => names.has(name))

const some =
  (pattern: RegExp) =>
  (names: ReadonlySet<string>): boolean =>
    [...names].some(name => pattern.test(name))

const oldDensenet = /(denselayer\d+\.(?:norm|conv))\.([12])\./
const oldMlp = /(encoder_layer_\d+\.mlp)\.linear_([12])\./

const maps: ReadonlyArray<NameMap> = [
  { origin: 'timm (ViT)', fits: has('blocks.0.attn.qkv.weight'), rules: timmVit },
  {
    origin: 'timm (MobileNetV2)',
    fits: has('conv_stem.weight', 'blocks.0.0.conv_dw.weight', 'blocks.1.0.conv_pwl.weight'),
    rules: timmMobilenet,
  },
  {
    origin: 'Hugging Face (ViT)',
    fits: some(/^(vit\.)?encoder\.layer\.0\.attention\.attention\.query\.weight$/),
    rules: huggingFaceVit,
  },
  {
    origin: 'Hugging Face (ResNet)',
    fits: some(/^(resnet\.)?encoder\.stages\.0\.layers\.0\.layer\.0\.convolution\.weight$/),
    rules: huggingFaceResnet,
  },
  {
    origin: 'older torchvision (DenseNet)',
    fits: some(oldDensenet),
    rules: [[oldDensenet, (layer, i) => `${layer}${i}.`]],
  },
  {
    origin: 'older torchvision (ViT)',
    fits: some(oldMlp),
    rules: [[oldMlp, (mlp, i) => `${mlp}.${i === '1' ? 0 : 3}.`]],
  },
  {
    origin: 'CIFAR ResNet',
    fits: has('layer1.0.conv1.weight', 'linear.weight'),
    rules: [
      [/^linear\./, 'fc.'],
      [/^(layer\d+\.\d+)\.shortcut\./, layer => `${layer}.downsample.`],
    ],
  },
]

const renamed = (name: string, rules: ReadonlyArray<NameRule>): string => {
  const rule = rules.find(([pattern]) => pattern.test(name))
  if (rule === undefined) return name
  const [pattern, to] = rule
  return name.replace(pattern, (_whole, ...groups) =>
    typeof to === 'string' ? to : to(...groups.filter(group => typeof group === 'string')),
  )
}

/**
 * The weights under torchvision's names, and whose names they had. Query, key and value that are apart become one
 * `in_proj`. Names that no rule knows stay as they are; where two would become the same, all stay.
 */
export const toTorchvision = (
  weights: Weights,
): { readonly origin: string; readonly weights: Weights } => {
  const names = new Set(weights.keys())
  const map = maps.find(({ fits }) => fits(names))
  if (map === undefined) return { origin: 'torchvision', weights }
  const moved = new Map(
    Array.from(weights, ([name, weight]) => [renamed(name, map.rules), weight] as const),
  )
  return moved.size === weights.size
    ? { origin: map.origin, weights: fuseAttention(moved) }
    : { origin: 'torchvision', weights }
}
