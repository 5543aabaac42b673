// `collapse data`: the list, descriptions, JSON, and bad specs.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { assertRefused, workplace } from '../support/cli.ts'
import { patternOf, pngOf, tarOf, writeTree } from '../support/image-files.ts'

const test = suite('collapse data')

const place = workplace()
test.after(place.remove)

const small = await pngOf(patternOf(4, 3))
const wide = await pngOf(patternOf(9, 3))
writeTree(place.path, {
  'photos/cat/1.png': small,
  'photos/cat/2.png': wide,
  'photos/dog/1.png': small,
  'photos/d\u001b[31mog/1.png': small,
  'evil.tar': tarOf([{ path: '../../x.png', content: small }]),
})

const data = (...args: ReadonlyArray<string>) => place.run('data', '--data-root', 'none', ...args)

test('lists the data sets, and what to do about those that are not there', async () => {
  const { code, stdout, stderr } = await data()
  assert.is(code, 0)
  assert.is(stderr, '')
  for (const name of ['mnist', 'fashion-mnist', 'cifar10', 'cifar100', 'folder:PATH', 'tar:PATH']) {
    assert.ok(stdout.includes(`\n${name} `) || stdout.startsWith(`${name} `), name)
  }
  assert.match(stdout, /not here: none\/cifar10: no such folder; unpack the binary version/)
  const listed: unknown = JSON.parse((await data('--json')).stdout)
  assert.ok(Array.isArray(listed) && listed.length >= 6)
})

test('describes a folder: classes, splits, sizes, names fit for a terminal', async () => {
  const { code, stdout } = await data('folder:photos?split=train')
  assert.is(code, 0)
  assert.match(stdout, /folder:photos\?split=train in photos: 3 classes/)
  assert.match(stdout, /train {4}3 images, 1 a class, 4(-9)? x 3 pixels/)
  assert.not.ok(stdout.includes('\u001b'))
})

test('describes as JSON what a spec takes', async () => {
  const { stdout } = await data('mnist?classes=3,1&perClass=5', '--json')
  assert.equal(JSON.parse(stdout), {
    spec: 'mnist?classes=3,1&perClass=5',
    where: JSON.parse(stdout).where,
    classes: ['3', '1'],
    splits: {
      train: { count: 10, perClass: [5, 5], width: [28, 28], height: [28, 28], looked: 10 },
      test: { count: 2145, perClass: [1010, 1135], width: [28, 28], height: [28, 28], looked: 100 },
    },
  })
})

test('refuses bad specs and hostile archives in one line', async () => {
  const cases: ReadonlyArray<readonly [string, RegExp]> = [
    ['cifar11', /unknown data set 'cifar11'; did you mean 'cifar10'/],
    ['cifar10', /none\/cifar10: no such folder/],
    ['folder:photos?perclass=1', /unknown key 'perclass'/],
    ['tar:evil.tar', /evil\.tar: holds the path '\.\.\/\.\.\/x\.png', which leads out of it/],
    ['tar:missing.tar', /missing\.tar: cannot read the file: no such file/],
  ]
  for (const [spec, said] of cases)
    assertRefused(await data(spec), said, place.path, ['photos', 'evil.tar'])
})

test.run()
