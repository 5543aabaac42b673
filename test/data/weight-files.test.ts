// Public files of weights: names as people write them, mirrors, and names that are no files.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { publicFiles, weightFile } from '../../src/data/weight-files.ts'
import { left, right } from '../support/either.ts'

const test = suite('public files of weights')

test('are found by the name of a network, however it is written', () => {
  for (const name of ['vit_b_32', 'vit-b-32', 'ViT-B-32', 'vit_b_32-d86f8d99.pth']) {
    assert.equal(right(weightFile(name)), {
      file: 'vit_b_32-d86f8d99.pth',
      url: 'https://download.pytorch.org/models/vit_b_32-d86f8d99.pth',
      sha256: 'd86f8d99',
      most: Math.ceil(1.05 * 336.6 * 2 ** 20),
    })
  }
  assert.is(right(weightFile('mobilenetv2')).file, 'mobilenet_v2-b0353104.pth')
})

test("have their hash in their names, all but timm's, which lies elsewhere", () => {
  for (const { name, url } of publicFiles) {
    const found = right(weightFile(name))
    assert.is(found.sha256 === null, url !== undefined)
    assert.is(found.url, url ?? `https://download.pytorch.org/models/${found.file}`)
    assert.is(right(weightFile(name, 'http://m/x')).url, `http://m/x/${found.file}`)
  }
})

test('may be any file whose name ends in its hash', () => {
  const { url, sha256, most } = right(weightFile('my.net-0123abcd45.safetensors', 'http://m:1/a/'))
  assert.is(url, 'http://m:1/a/my.net-0123abcd45.safetensors')
  assert.is(sha256, '0123abcd45')
  assert.is(most, 2 ** 32)
})

test('are refused under names that are none', () => {
  for (const name of [
    '',
    'x',
    'a/b-0123abcd.pth',
    '../x-0123abcd.pth',
    '.x-0123abcd.pth',
    'x-0123abcd.exe',
  ]) {
    assert.match(left(weightFile(name, 'http://m')).what, /no weights are known/, name)
  }
})

test('are refused from mirrors that are no web addresses', () => {
  for (const mirror of ['', 'm', 'file:///etc', 'ftp://m/x']) {
    assert.is(left(weightFile('resnet18', mirror)).where, '--mirror', mirror)
  }
})

test.run()
