// Parameters, names and shapes of every network, against torchvision's and the paper's numbers.
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  countParameters,
  headName,
  initModel,
  type Model,
  type ModelInit,
  modelParameters,
  modelState,
  pathOf,
  unitsOf,
} from '../../src/models/model.ts'
import { constant, type Initialiser, normal, uniform } from '../../src/core/tree.ts'
import { entries, modelNamed } from '../../src/models/registry.ts'
import { trainedShare, type Way } from '../../src/transfer/ways.ts'
import golden from '../golden/networks.json'

const made = (name: string, classes?: number): readonly [Model, ModelInit] => {
  const model = modelNamed(name, classes === undefined ? {} : { classes })
  if (model === undefined) throw new Error(`no network ${name}`)
  const init = initModel(model)
  if (E.isLeft(init)) throw new Error(`${init.left.op}: ${init.left.message}`)
  return [model, init.right]
}

const networks = suite('networks')

const totals: ReadonlyArray<readonly [string, number]> = [
  ['resnet18', 11_689_512],
  ['resnet34', 21_797_672],
  ['resnet50', 25_557_032],
  ['densenet121', 7_978_856],
  ['mobilenet_v2', 3_504_872],
  ['vit_b_32', 88_224_232],
]
for (const [name, total] of totals) {
  networks(`of the name ${name} have ${total} parameters`, () => {
    assert.is(countParameters(made(name)[1]), total)
  })
}

const backbones: ReadonlyArray<readonly [string, number]> = [
  ['resnet18', 11_176_512],
  ['resnet34', 21_284_672],
  ['resnet50', 23_508_032],
  ['vit_b_32', 87_455_232],
  ['vit_b_32-384', 87_528_192],
]
for (const [name, total] of backbones) {
  networks(`of the name ${name} have ${total} parameters without the classifier`, () => {
    const [model, init] = made(name)
    assert.is(countParameters(init) - countParameters(init, headName(model)), total)
  })
}

networks('have parameters and state of the names and shapes of torchvision', () => {
  for (const [name, shapes] of Object.entries(golden.shapes)) {
    const [, init] = made(name)
    const ours = [...modelParameters(init), ...modelState(init)].map(
      ([path, { aval }]) => [path, aval.shape] as const,
    )
    assert.equal(Object.fromEntries(ours), shapes, name)
  }
})

networks('for CIFAR have their published sizes', () => {
  const sizes = ['resnet20', 'resnet32', 'resnet44', 'resnet56', 'resnet110'].map(name =>
    countParameters(made(name)[1]),
  )
  assert.equal(sizes, [269_722, 464_154, 658_586, 853_018, 1_727_962])
})

const starts: Readonly<Record<string, Readonly<Record<string, Initialiser>>>> = {
  resnet18: {
    'conv1.weight': normal(Math.sqrt(2 / (64 * 49))),
    'bn1.weight': constant(1),
    'layer2.0.downsample.1.bias': constant(0),
    'fc.weight': uniform(1 / Math.sqrt(512)),
  },
  densenet121: {
    'features.conv0.weight': normal(Math.sqrt(2 / (3 * 49))),
    'classifier.weight': uniform(1 / Math.sqrt(1024)),
    'classifier.bias': constant(0),
  },
  mobilenet_v2: {
    'features.1.conv.0.0.weight': normal(Math.sqrt(2 / (32 * 9))),
    'classifier.1.weight': normal(0.01),
    'classifier.1.bias': constant(0),
  },
  vit_b_32: {
    'conv_proj.weight': normal(Math.sqrt(1 / 3072)),
    'conv_proj.bias': constant(0),
    'encoder.layers.encoder_layer_0.self_attention.in_proj_weight': uniform(Math.sqrt(6 / 3072)),
    'encoder.layers.encoder_layer_0.self_attention.out_proj.weight': uniform(1 / Math.sqrt(768)),
    'encoder.layers.encoder_layer_0.mlp.0.weight': uniform(Math.sqrt(6 / 3840)),
    'encoder.layers.encoder_layer_0.mlp.3.bias': normal(1e-6),
    'heads.head.weight': constant(0),
  },
}

networks('start as torchvision starts them', () => {
  for (const [name, wanted] of Object.entries(starts)) {
    const initialisers = new Map(
      modelParameters(made(name)[1]).map(([path, p]) => [path, p.initialiser]),
    )
    for (const [path, start] of Object.entries(wanted)) {
      assert.equal(initialisers.get(path), start, `${name} ${path}`)
    }
  }
})

networks('can all be made, each under its own name', () => {
  for (const name of Object.keys(entries)) assert.is(made(name)[0].name, name)
  assert.is(modelNamed('resnet19'), undefined)
  assert.is(modelNamed('constructor'), undefined)
})
networks.run()

const units = suite('units')
units('are residual blocks, dense blocks, inverted residuals and encoder layers', () => {
  const count = (name: string): number => unitsOf(made(name)[0]).length
  assert.equal(
    ['resnet18', 'resnet34', 'resnet50', 'resnet20', 'densenet121', 'mobilenet_v2', 'vit_b_32'].map(
      count,
    ),
    [8, 16, 16, 9, 4, 17, 12],
  )
})

const blocks: ReadonlyArray<readonly [string, ReadonlyArray<readonly [number, string, number]>]> = [
  [
    'resnet18',
    [
      [1, 'layer1.0', 73_984],
      [3, 'layer2.0', 230_144],
      [5, 'layer3.0', 919_040],
      [7, 'layer4.0', 3_673_088],
    ],
  ],
  [
    'resnet50',
    [
      [1, 'layer1.0', 75_008],
      [4, 'layer2.0', 379_392],
      [8, 'layer3.0', 1_512_448],
      [14, 'layer4.0', 6_039_552],
    ],
  ],
  ['vit_b_32-384', [[12, 'encoder.layers.encoder_layer_11', 7_087_872]]],
]
for (const [name, wanted] of blocks) {
  units(`of ${name} have the numbers, places and sizes of the paper`, () => {
    const [model, init] = made(name)
    for (const [number, path, size] of wanted) {
      const unit = unitsOf(model)[number - 1]
      assert.is(unit?.number, number)
      assert.is(unit === undefined ? '' : pathOf(unit.block), path)
      assert.is(countParameters(init, path), size)
    }
  })
}

const shares: ReadonlyArray<readonly [string, ReadonlyArray<number>, ReadonlyArray<string>]> = [
  ['resnet18', [1, 3, 5, 7], ['0.23', '0.89', '2.28', '8.43', '33.02']],
  ['resnet50', [1, 4, 8, 14], ['0.43', '0.75', '2.04', '6.84', '26.01']],
  ['vit_b_32-384', [12], ['0.04', '8.14']],
]
for (const [name, numbers, percents] of shares) {
  units(`of ${name} train the percentages of the paper's tables`, () => {
    const [model, init] = made(name, 50)
    const ways: ReadonlyArray<Way> = [
      { _tag: 'Probe' },
      ...numbers.map((n): Way => ({ _tag: 'Layer', block: unitsOf(model)[n - 1]?.index ?? -1 })),
    ]
    assert.equal(
      ways.map(way => trainedShare(model, init, way).percent.toFixed(2)),
      percents,
    )
    assert.is(trainedShare(model, init, { _tag: 'Full' }).percent, 100)
  })
}
units.run()
