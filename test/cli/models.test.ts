// `collapse models`: a table for people, all of it as JSON.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { workplace } from '../support/cli.ts'

const test = suite('collapse models')
const place = workplace()

test('lists every network with its parameters, units and operations', async () => {
  const { code, stdout } = await place.run('models')
  assert.is(code, 0)
  assert.match(stdout, /^resnet18 +224 x 224 x 3 +11,689,512 +8 +3\.63 /m)
  assert.match(stdout, /^vit_b_32-384 +384 x 384 x 3 /m)
})

test('gives units with numbers, names, parameters and shapes as JSON', async () => {
  const { code, stdout } = await place.run('models', '--json')
  assert.is(code, 0)
  const lines: unknown = JSON.parse(stdout)
  assert.ok(Array.isArray(lines))
  const resnet50 = lines.find(({ name }) => name === 'resnet50')
  assert.is(resnet50.parameters, 25_557_032)
  assert.is(resnet50.backbone, 23_508_032)
  assert.is(resnet50.width, 2048)
  assert.is(resnet50.blocks.length, 16)
  assert.equal(resnet50.blocks[13], {
    number: 14,
    name: 'layer4.0',
    parameters: 6_039_552,
    output: [7, 7, 2048],
  })
  assert.is(Math.round(resnet50.flops / 2e7), 409, 'torchvision: 4.09 G multiply-adds')
})

test.after(place.remove)
test.run()
