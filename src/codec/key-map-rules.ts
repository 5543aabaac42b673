// The rules by which names of timm and Hugging Face become torchvision's.
import type { NameRule } from './key-map.ts'

const layer = (i = ''): string => `encoder.layers.encoder_layer_${i}`

const inLayer = (prefix: string, from: string, to: string): NameRule => [
  new RegExp(`^${prefix}(\\d+)\\.${from}`),
  i => `${layer(i)}.${to}`,
]

/** timm's VisionTransformer: query, key and value are fused in torchvision's order already. */
export const timmVit: ReadonlyArray<NameRule> = [
  [/^cls_token$/, 'class_token'],
  [/^pos_embed$/, 'encoder.pos_embedding'],
  [/^patch_embed\.proj\./, 'conv_proj.'],
  ...[
    ['norm1\\.', 'ln_1.'],
    ['attn\\.qkv\\.', 'self_attention.in_proj_'],
    ['attn\\.proj\\.', 'self_attention.out_proj.'],
    ['norm2\\.', 'ln_2.'],
    ['mlp\\.fc1\\.', 'mlp.0.'],
    ['mlp\\.fc2\\.', 'mlp.3.'],
  ].map(([from = '', to = '']) => inLayer('blocks\\.', from, to)),
  [/^norm\./, 'encoder.ln.'],
  [/^head\./, 'heads.head.'],
]

/** Hugging Face's ViTForImageClassification, or ViTModel without `vit.`. */
export const huggingFaceVit: ReadonlyArray<NameRule> = [
  [/^(?:vit\.)?embeddings\.cls_token$/, 'class_token'],
  [/^(?:vit\.)?embeddings\.position_embeddings$/, 'encoder.pos_embedding'],
  [/^(?:vit\.)?embeddings\.patch_embeddings\.projection\./, 'conv_proj.'],
  ...[
    ['layernorm_before\\.', 'ln_1.'],
    ['attention\\.attention\\.query\\.', 'self_attention.query.'],
    ['attention\\.attention\\.key\\.', 'self_attention.key.'],
    ['attention\\.attention\\.value\\.', 'self_attention.value.'],
    ['attention\\.output\\.dense\\.', 'self_attention.out_proj.'],
    ['layernorm_after\\.', 'ln_2.'],
    ['intermediate\\.dense\\.', 'mlp.0.'],
    ['output\\.dense\\.', 'mlp.3.'],
  ].map(([from = '', to = '']) => inLayer('(?:vit\\.)?encoder\\.layer\\.', from, to)),
  [/^(?:vit\.)?layernorm\./, 'encoder.ln.'],
  [/^classifier\./, 'heads.head.'],
]

const kinds: Readonly<Record<string, string>> = { convolution: 'conv', normalization: 'bn' }

/** Hugging Face's ResNetForImageClassification, or ResNetModel without `resnet.`. */
export const huggingFaceResnet: ReadonlyArray<NameRule> = [
  [/^(?:resnet\.)?embedder\.embedder\.convolution\./, 'conv1.'],
  [/^(?:resnet\.)?embedder\.embedder\.normalization\./, 'bn1.'],
  [
    /^(?:resnet\.)?encoder\.stages\.(\d+)\.layers\.(\d+)\.layer\.(\d+)\.(convolution|normalization)\./,
    (stage, block, i, kind = '') =>
      `layer${Number(stage) + 1}.${block}.${kinds[kind]}${Number(i) + 1}.`,
  ],
  [
    /^(?:resnet\.)?encoder\.stages\.(\d+)\.layers\.(\d+)\.shortcut\.(convolution|normalization)\./,
    (stage, block, kind) =>
      `layer${Number(stage) + 1}.${block}.downsample.${kind === 'convolution' ? 0 : 1}.`,
  ],
  [/^classifier\.1\./, 'fc.'],
]

/** The first of torchvision's `features` in each of timm's stages of MobileNetV2. */
const stageStarts = [1, 2, 4, 7, 11, 14, 17]

const block = (stage = '', i = ''): string =>
  `features.${(stageStarts[Number(stage)] ?? 18) + Number(i)}.conv`

const separable: Readonly<Record<string, string>> = {
  conv_dw: '0.0',
  bn1: '0.1',
  conv_pw: '1',
  bn2: '2',
}

const inverted: Readonly<Record<string, string>> = {
  conv_pw: '0.0',
  bn1: '0.1',
  conv_dw: '1.0',
  bn2: '1.1',
  conv_pwl: '2',
  bn3: '3',
}

/** timm's mobilenetv2_100: the first block has no expansion, the others have. */
export const timmMobilenet: ReadonlyArray<NameRule> = [
  [/^conv_stem\./, 'features.0.0.'],
  [/^bn1\./, 'features.0.1.'],
  [
    /^blocks\.(0)\.(\d+)\.(conv_dw|bn1|conv_pw|bn2)\./,
    (stage, i, part = '') => `${block(stage, i)}.${separable[part]}.`,
  ],
  [
    /^blocks\.([1-6])\.(\d+)\.(conv_pwl|conv_pw|conv_dw|bn[123])\./,
    (stage, i, part = '') => `${block(stage, i)}.${inverted[part]}.`,
  ],
  [/^conv_head\./, 'features.18.0.'],
  [/^bn2\./, 'features.18.1.'],
  [/^classifier\./, 'classifier.1.'],
]
