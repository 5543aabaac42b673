// Common flags: defaults, and where data sets lie.
import * as E from 'fp-ts/Either'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Common, defaultDataRoot, pluginFiles } from '../../cli/flags.ts'
import { right } from '../support/either.ts'

const test = suite('common flags')

test('data sets lie where COLLAPSE_DATA says, else in the cache folder', () => {
  assert.is(defaultDataRoot({ COLLAPSE_DATA: '/data', XDG_CACHE_HOME: '/c' }), '/data')
  assert.is(defaultDataRoot({ XDG_CACHE_HOME: '/c' }), join('/c', 'collapse'))
  if (process.platform === 'linux') {
    assert.is(defaultDataRoot({}), join(homedir(), '.cache', 'collapse'))
  }
})

test('have defaults, and neither seed nor profile where none is given', () => {
  const { dataRoot, ...rest } = right(Common.decode({}))
  assert.ok(dataRoot.length > 0)
  assert.equal(rest, {
    device: 'auto',
    precision: 'f32',
    seed: undefined,
    json: false,
    quiet: false,
    profile: undefined,
    debug: false,
  })
  assert.is(right(Common.decode({ seed: '7' })).seed, 7)
})

test('refuse seeds past 32 bits and devices and precisions that do not exist', () => {
  for (const bad of [
    { seed: '4294967296' },
    { seed: '-1' },
    { device: 'gpu' },
    { precision: 'f64' },
    { dataRoot: '' },
  ]) {
    assert.ok(E.isLeft(Common.decode(bad)), JSON.stringify(bad))
  }
})

test('plugins are a list, empty where none is named', () => {
  assert.equal(right(pluginFiles.decode(undefined)), [])
  assert.equal(right(pluginFiles.decode(['a.ts', 'b.ts'])), ['a.ts', 'b.ts'])
})

test.run()
