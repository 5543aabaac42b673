// Copies of a part of a storage into a texture: whole rows, the rest of a row, from any texel on.
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { f32 } from '../../src/core/aval.ts'
import { input, output, texture, word } from '../../src/core/dispatch.ts'
import { apply, defineOp, noGradient, type Op } from '../../src/core/op.ts'
import { trace } from '../../src/core/trace.ts'
import { arg, showShapeErrors } from '../../src/core/value.ts'
import { done, nativeEngine, right, useEngines } from '../support/engines.ts'

const width = 16
const size = 200

interface Part {
  readonly first: number
  readonly texels: number
}

const readTexture = `
@group(0) @binding(0) var<uniform> texels: u32;
@group(0) @binding(1) var part: texture_storage_2d<rgba32float, read>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) g: vec3u) {
  if (g.x < texels) {
    y[g.x] = textureLoad(part, vec2u(g.x % ${width}u, g.x / ${width}u));
  }
}
`

const partOf: Op<Part> = defineOp({
  name: 'partOf',
  infer: (_, { texels }) => E.right([f32(texels, 4)]),
  lower: ({ attrs: { first, texels } }) => {
    const to = texture(0, width, Math.ceil(texels / width))
    return [
      { label: 'part', from: input(0), to, first, texels, width },
      {
        label: 'partOf',
        shader: readTexture,
        constants: {},
        uniform: [word(texels)],
        bindings: [to, output()],
        workgroups: [Math.ceil(texels / 64), 1, 1],
      },
    ]
  },
  vjp: noGradient,
  oracle: ([x = new Float32Array(0)], { attrs: { first, texels } }) => [
    x.slice(4 * first, 4 * (first + texels)),
  ],
})

const test = suite('executable')
test.after(useEngines())

const parts: ReadonlyArray<Part> = [
  { first: 0, texels: size },
  { first: 3, texels: 16 },
  { first: 17, texels: 5 },
  { first: 33, texels: size - 33 },
]

for (const part of parts) {
  test(`copies ${part.texels} texels from texel ${part.first} on`, async () => {
    const engine = await nativeEngine()
    if (engine === null) return console.log('no WebGPU adapter: copies are not run')
    const x = Float32Array.from({ length: 4 * size }, (_, i) => i)
    const value = apply(partOf, part)(arg('x', f32(size, 4)))
    const program = right(trace({ outputs: { y: value } }), showShapeErrors)
    await done(engine.put('x', f32(size, 4), x))
    const executable = await done(engine.load(program))
    await done(executable.run({}))
    const { y } = await done(executable.outputs)
    assert.equal(y, x.slice(4 * part.first, 4 * (part.first + part.texels)))
    executable.release()
  })
}

test.run()
