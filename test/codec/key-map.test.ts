// Names of timm, Hugging Face, older torchvision and CIFAR ResNets, as their files have them.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { toTorchvision } from '../../src/codec/key-map.ts'
import type { Weight, Weights } from '../../src/codec/weights.ts'

const test = suite('foreign names')

const weight = (value: number, ...shape: ReadonlyArray<number>): Weight => ({
  shape,
  data: new Float32Array(shape.reduce((n, s) => n * s, 1)).fill(value),
  dtype: 'F32',
})

const weights = (names: ReadonlyArray<string>): Weights =>
  new Map(names.map((name, i) => [name, weight(i, 2)]))

const pairs = (text: string): ReadonlyArray<readonly [string, string]> =>
  text
    .trim()
    .split('\n')
    .map(line => {
      const [from = '', to = ''] = line.trim().split(/ +/)
      return [from, to]
    })

const vit = 'encoder.layers.encoder_layer_'

const families: Readonly<Record<string, string>> = {
  'timm (ViT)': `
    cls_token class_token
    pos_embed encoder.pos_embedding
    patch_embed.proj.weight conv_proj.weight
    patch_embed.proj.bias conv_proj.bias
    blocks.0.norm1.weight ${vit}0.ln_1.weight
    blocks.0.attn.qkv.weight ${vit}0.self_attention.in_proj_weight
    blocks.0.attn.qkv.bias ${vit}0.self_attention.in_proj_bias
    blocks.0.attn.proj.weight ${vit}0.self_attention.out_proj.weight
    blocks.11.norm2.bias ${vit}11.ln_2.bias
    blocks.11.mlp.fc1.weight ${vit}11.mlp.0.weight
    blocks.11.mlp.fc2.bias ${vit}11.mlp.3.bias
    norm.weight encoder.ln.weight
    head.bias heads.head.bias
    pre_logits.fc.weight pre_logits.fc.weight`,
  'timm (MobileNetV2)': `
    conv_stem.weight features.0.0.weight
    bn1.running_mean features.0.1.running_mean
    blocks.0.0.conv_dw.weight features.1.conv.0.0.weight
    blocks.0.0.bn1.bias features.1.conv.0.1.bias
    blocks.0.0.conv_pw.weight features.1.conv.1.weight
    blocks.0.0.bn2.weight features.1.conv.2.weight
    blocks.1.0.conv_pw.weight features.2.conv.0.0.weight
    blocks.1.0.conv_pwl.weight features.2.conv.2.weight
    blocks.3.3.bn1.weight features.10.conv.0.1.weight
    blocks.3.3.conv_dw.weight features.10.conv.1.0.weight
    blocks.6.0.bn2.running_var features.17.conv.1.1.running_var
    blocks.6.0.bn3.bias features.17.conv.3.bias
    conv_head.weight features.18.0.weight
    bn2.weight features.18.1.weight
    classifier.weight classifier.1.weight`,
  'Hugging Face (ResNet)': `
    resnet.embedder.embedder.convolution.weight conv1.weight
    resnet.embedder.embedder.normalization.running_mean bn1.running_mean
    resnet.encoder.stages.0.layers.0.layer.0.convolution.weight layer1.0.conv1.weight
    resnet.encoder.stages.2.layers.5.layer.2.normalization.bias layer3.5.bn3.bias
    resnet.encoder.stages.3.layers.0.shortcut.convolution.weight layer4.0.downsample.0.weight
    resnet.encoder.stages.3.layers.0.shortcut.normalization.weight layer4.0.downsample.1.weight
    classifier.1.weight fc.weight`,
  'older torchvision (DenseNet)': `
    features.conv0.weight features.conv0.weight
    features.denseblock1.denselayer1.norm.1.weight features.denseblock1.denselayer1.norm1.weight
    features.denseblock4.denselayer16.conv.2.weight features.denseblock4.denselayer16.conv2.weight
    features.transition1.norm.weight features.transition1.norm.weight
    classifier.weight classifier.weight`,
  'older torchvision (ViT)': `
    class_token class_token
    ${vit}3.mlp.linear_1.weight ${vit}3.mlp.0.weight
    ${vit}3.mlp.linear_2.bias ${vit}3.mlp.3.bias`,
  'CIFAR ResNet': `
    conv1.weight conv1.weight
    layer1.0.conv1.weight layer1.0.conv1.weight
    layer2.0.shortcut.0.weight layer2.0.downsample.0.weight
    linear.weight fc.weight
    linear.bias fc.bias`,
}

for (const [origin, table] of Object.entries(families)) {
  test(`of ${origin} become torchvision's`, () => {
    const names = pairs(table)
    const given = weights(names.map(([from]) => from))
    const found = toTorchvision(given)
    assert.is(found.origin, origin)
    assert.equal(
      [...found.weights.keys()],
      names.map(([, to]) => to),
    )
    for (const [from, to] of names) assert.is(found.weights.get(to), given.get(from))
  })
}

const hugging = (prefix: string, i: number): ReadonlyArray<readonly [string, string]> =>
  pairs(`
    layernorm_before.weight ln_1.weight
    attention.output.dense.weight self_attention.out_proj.weight
    layernorm_after.bias ln_2.bias
    intermediate.dense.weight mlp.0.weight
    output.dense.bias mlp.3.bias`).map(([from, to]) => [
    `${prefix}encoder.layer.${i}.${from}`,
    `${vit}${i}.${to}`,
  ])

for (const prefix of ['vit.', '']) {
  test(`of Hugging Face (ViT) become torchvision's, '${prefix}' before them, attention fused`, () => {
    const attention = `${prefix}encoder.layer.0.attention.attention`
    const names = [
      ...pairs(`
        ${prefix}embeddings.cls_token class_token
        ${prefix}embeddings.position_embeddings encoder.pos_embedding
        ${prefix}embeddings.patch_embeddings.projection.weight conv_proj.weight
        ${prefix}layernorm.weight encoder.ln.weight
        classifier.bias heads.head.bias`),
      ...hugging(prefix, 0),
    ]
    const parts = ['query', 'key', 'value'].flatMap((part, i) => [
      [`${attention}.${part}.weight`, weight(i, 2, 2)] as const,
      [`${attention}.${part}.bias`, weight(i, 2)] as const,
    ])
    const { origin, weights: found } = toTorchvision(
      new Map([...weights(names.map(([from]) => from)), ...parts]),
    )
    assert.is(origin, 'Hugging Face (ViT)')
    const into = `${vit}0.self_attention.in_proj_`
    const all = [...names.map(([, to]) => to), `${into}weight`, `${into}bias`]
    assert.equal([...found.keys()].sort(), all.sort())
    assert.equal(found.get(`${into}weight`), {
      shape: [6, 2],
      data: Float32Array.of(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2),
      dtype: 'F32',
    })
    assert.equal(found.get(`${into}bias`)?.data, Float32Array.of(0, 0, 1, 1, 2, 2))
  })
}

test('stay apart where query, key and value are not of one shape', () => {
  const attention = 'vit.encoder.layer.0.attention.attention'
  const found = toTorchvision(
    new Map([
      [`${attention}.query.weight`, weight(0, 2, 2)],
      [`${attention}.key.weight`, weight(1, 2, 2)],
      [`${attention}.value.weight`, weight(2, 3, 2)],
    ]),
  )
  assert.is(found.weights.size, 3)
  assert.ok(found.weights.has(`${vit}0.self_attention.query.weight`))
})

test("that are torchvision's stay as they are", () => {
  for (const names of [
    ['conv1.weight', 'layer1.0.conv1.weight', 'layer2.0.downsample.0.weight', 'fc.weight'],
    ['class_token', `${vit}0.mlp.0.weight`, 'heads.head.weight'],
    ['features.0.0.weight', 'features.1.conv.0.0.weight', 'classifier.1.weight'],
    ['features.denseblock1.denselayer1.norm1.weight', 'classifier.weight'],
  ]) {
    const given = weights(names)
    assert.equal(toTorchvision(given), { origin: 'torchvision', weights: given })
  }
})

test('stay where two would become one', () => {
  const given = weights(['layer1.0.conv1.weight', 'linear.weight', 'fc.weight'])
  assert.is(toTorchvision(given).weights, given)
})

test.run()
