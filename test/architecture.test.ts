// Fails on an import that the house does not allow, on import cycles, and on files that break its form.
import { join, normalize } from 'node:path'
import { Glob } from 'bun'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const math = ['core', 'kernels', 'nn', 'losses', 'optim', 'collapse']
const runs = [...math, 'models', 'data', 'plan', 'device:type']
const results = ['advise', 'train', 'transfer', 'experiments', 'device', 'codec', 'report']
const all = [...math, 'models', 'data', 'plan', ...results]

/**
 * Who may import whom: `shaders <- kernels <- {nn, losses, optim, collapse} <- models <- train <-
 * transfer <- experiments <- cli`, all over core. `x:type` allows types only: train, transfer and
 * experiments are given an engine, they never start one. A folder may import itself.
 */
const allowed: Readonly<Record<string, ReadonlyArray<string>>> = {
  core: [],
  shaders: [],
  kernels: ['core', 'shaders'],
  nn: ['core', 'kernels'],
  losses: ['core', 'kernels'],
  optim: ['core', 'kernels'],
  collapse: ['core', 'kernels'],
  advise: ['core', 'collapse'],
  models: math,
  plan: ['core'],
  device: ['core', 'plan'],
  codec: ['core', 'collapse:type'],
  data: ['core', 'codec', 'collapse'],
  train: runs,
  transfer: [...runs, 'train'],
  experiments: [...runs, 'train', 'transfer', 'codec'],
  report: ['core', 'codec', 'collapse', 'experiments:type', 'device:type', 'plan:type'],
  index: all,
  cli: [...all, 'index', 'bench', 'package.json'],
}

const root = join(import.meta.dir, '..')
const scan = (pattern: string): ReadonlyArray<string> =>
  [...new Glob(pattern).scanSync(root)]
    .map(path => path.replaceAll('\\', '/'))
    .filter(path => !path.includes('node_modules/'))
    .sort()

const sources = new Map(
  await Promise.all(
    scan('{src,kernels,cli,test,bench}/**/*.{ts,mjs}').map(
      async path => [path, await Bun.file(join(root, path)).text()] as const,
    ),
  ),
)
const shaders = scan('shaders/**/*')
const house = [...sources.keys()].filter(path => /^(src|kernels|cli)\//.test(path))

interface Edge {
  readonly from: string
  readonly to: string
  readonly typeOnly: boolean
}

const statements =
  /^(?:import|export)(\s+type)?\b(?:[^'"`;=]*?\bfrom)?\s*'(\.[^']+)'|\bimport\(\s*'(\.[^']+)'\s*\)/gm

const edgesOf = (from: string, source: string): ReadonlyArray<Edge> =>
  [...source.matchAll(statements)].map(([, type, named, dynamic]) => ({
    from,
    to: normalize(join(from, '..', named ?? dynamic ?? '')).replaceAll('\\', '/'),
    typeOnly: type !== undefined,
  }))

const layerOf = (path: string): string => {
  const [top = '', second = ''] = path.split('/')
  return top === 'src' ? second.replace(/\.ts$/, '') : top
}

const isAllowed = ({ from, to, typeOnly }: Edge): boolean => {
  const [own, other] = [layerOf(from), layerOf(to)]
  const open = allowed[own] ?? []
  return own === other || open.includes(other) || (typeOnly && open.includes(`${other}:type`))
}

const edges = house.flatMap(path => edgesOf(path, sources.get(path) ?? ''))
const show = ({ from, to }: Edge): string => `${from} -> ${to}`

const cyclesFrom = (graph: ReadonlyMap<string, ReadonlyArray<string>>): ReadonlyArray<string> => {
  const state = new Map<string, 'open' | 'done'>()
  const visit = (path: string, trail: ReadonlyArray<string>): ReadonlyArray<string> => {
    if (state.get(path) === 'done') return []
    if (state.get(path) === 'open')
      return [[...trail.slice(trail.indexOf(path)), path].join(' -> ')]
    state.set(path, 'open')
    const found = (graph.get(path) ?? []).flatMap(next => visit(next, [...trail, path]))
    state.set(path, 'done')
    return found
  }
  return [...graph.keys()].flatMap(path => visit(path, []))
}

const imports = suite('imports')
imports('the reader of import lines sees every form', () => {
  const source = `import { a } from './a.ts'
import type { B } from '../b/b.ts'
import {
  c,
} from './c.ts'
export * from './d.ts'
import './e.ts'
import text from '../../shaders/f.wgsl' with { type: 'text' }
const lazy = () => import('./g.ts')
import { h } from 'elsewhere'
export const from = './no.ts'
`
  assert.equal(
    edgesOf('src/x/y.ts', source).map(edge => [edge.to, edge.typeOnly]),
    [
      ['src/x/a.ts', false],
      ['src/b/b.ts', true],
      ['src/x/c.ts', false],
      ['src/x/d.ts', false],
      ['src/x/e.ts', false],
      ['shaders/f.wgsl', false],
      ['src/x/g.ts', false],
    ],
  )
})
imports('the cycle search finds a cycle and nothing in a diamond', () => {
  const diamond = { a: ['b', 'c'], b: ['d'], c: ['d'] }
  assert.equal(cyclesFrom(new Map(Object.entries(diamond))), [])
  assert.equal(cyclesFrom(new Map(Object.entries({ ...diamond, d: ['b'] }))), ['b -> d -> b'])
})
imports('run the one way that the table allows', () => {
  assert.equal(edges.filter(edge => !isAllowed(edge)).map(show), [])
})
imports('lead to files that are there', () => {
  const known = new Set([...sources.keys(), ...shaders, 'package.json'])
  assert.equal(edges.filter(edge => !known.has(edge.to)).map(show), [])
})
imports('have no cycle at run time', () => {
  const graph = Map.groupBy(
    edges.filter(edge => !edge.typeOnly),
    edge => edge.from,
  )
  const nexts = [...graph].map(([from, list]) => [from, list.map(edge => edge.to)] as const)
  assert.equal(cyclesFrom(new Map(nexts)), [])
})
imports('start in folders that the table names', () => {
  const layers = new Set(house.filter(path => !path.endsWith('.d.ts')).map(layerOf))
  assert.equal(
    [...layers].filter(layer => allowed[layer] === undefined),
    [],
  )
})
imports.run()

const form = suite('files')
const offenders = (bad: (source: string, path: string) => boolean): ReadonlyArray<string> =>
  [...sources].filter(([path, source]) => bad(source, path)).map(([path]) => path)
const lines = (source: string): number => source.split('\n').length - 1

form('say in their first line what they are for', () => {
  const opening = /^(#!.*\n)?(\/\/ |\/\*)/
  assert.equal(
    offenders(source => !opening.test(source)),
    [],
  )
})
form('in shaders/ are WGSL and open with a comment too', async () => {
  const texts = await Promise.all(shaders.map(path => Bun.file(join(root, path)).text()))
  const bad = shaders.filter((path, i) => !path.endsWith('.wgsl') || !texts[i]?.startsWith('//'))
  assert.equal(bad, [])
})
form('have at most 250 lines', () => {
  assert.equal(
    offenders(source => lines(source) > 250),
    [],
  )
})
form('have kebab-case names', () => {
  const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|test-d|d))?\.(ts|mjs|wgsl)$/
  const names = [...sources.keys(), ...shaders]
  assert.equal(
    names.filter(path => !kebab.test(path.split('/').at(-1) ?? '')),
    [],
  )
})
form('switch no check of types off', () => {
  const marks = ['@ts-ignore', '@ts-nocheck', 'noExplicitAny:'].map(
    mark => new RegExp(`/.*${mark}`),
  )
  assert.equal(
    offenders(source => marks.some(mark => mark.test(source))),
    [],
  )
})
form('expect type errors in tests only', () => {
  const marker = `@ts-${'expect-error'}`
  assert.equal(
    offenders((source, path) => !path.startsWith('test/') && source.includes(marker)),
    [],
  )
})
form('run the tests that they hold', () => {
  assert.equal(
    offenders(
      (source, path) => path.endsWith('.test.ts') && !/^(\w+\.run\(\)|checkOp\()/m.test(source),
    ),
    [],
  )
})
form('wait for nothing once uvu has a suite, or suites run side by side', () => {
  const late = /^ *(\w+\.run\(\)|checkOp\()[\s\S]*^(const [^=]+= )?await /m
  assert.equal(
    offenders((source, path) => path.endsWith('.test.ts') && late.test(source)),
    [],
  )
})
form('in shaders/ are all used', () => {
  const used = new Set(edges.map(edge => edge.to))
  assert.equal(
    shaders.filter(path => !used.has(path)),
    [],
  )
})
form.run()
