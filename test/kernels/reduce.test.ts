// Sums in chunks, lanes to a row, and workgroups folded into y where the adapter allows few in x.
import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { add } from '../../kernels/add.ts'
import { addBias, sumRows } from '../../kernels/add-bias.ts'
import { argmax } from '../../kernels/argmax.ts'
import { classSums } from '../../kernels/class-sums.ts'
import { chunksOf, lanesFor } from '../../kernels/reduce.ts'
import { padColumns } from '../../kernels/resize-columns.ts'
import { dot } from '../../kernels/scale-by.ts'
import { softmaxCrossEntropy } from '../../kernels/softmax-cross-entropy.ts'
import { f32, u32 } from '../../src/core/aval.ts'
import type { Op } from '../../src/core/op.ts'
import { checkOp } from '../support/check-op.ts'

const test = suite('reduce')

test('chunks cover all elements, and no more than 1024 of them', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 }), size => {
      const { chunk, chunks } = chunksOf(size)
      assert.ok(chunk * chunks >= size && chunk * (chunks - 1) < size && chunks <= 1024)
    }),
  )
})

test('lanes are a power of two that divides a workgroup and fits the row', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), width => {
      const lanes = lanesFor(width)
      assert.ok(64 % lanes === 0 && lanes <= width)
    }),
  )
})

test.run()

/** The same op for an adapter that allows three workgroups in a row. */
const narrow = <A>(op: Op<A>): Op<A> => ({
  ...op,
  name: `${op.name}, folded`,
  lower: (site, target) =>
    op.lower(site, { ...target, limits: { ...target.limits, maxWorkgroups: 3 } }),
})

checkOp(narrow(add), { attrs: null, shapes: [[f32(5003), f32(5003)]], gradients: [] })
checkOp(narrow(addBias), { attrs: null, shapes: [[f32(700, 11), f32(11)]], gradients: [] })
checkOp(narrow(sumRows), { attrs: null, shapes: [[f32(700, 110)]], gradients: [] })
checkOp(narrow(padColumns), { attrs: { width: 99 }, shapes: [[f32(70, 50)]], gradients: [] })
checkOp(narrow(dot), { attrs: null, shapes: [[f32(30_000), f32(30_000)]], gradients: [] })
checkOp(narrow(argmax), { attrs: null, shapes: [[f32(300, 5)], [f32(7, 2000)]], gradients: [] })
checkOp(narrow(softmaxCrossEntropy), {
  attrs: null,
  shapes: [[f32(300, 5), u32(300), f32(300)]],
  operands: [undefined, { below: 5 }, { low: 0, high: 1 }],
  gradients: [],
})
checkOp(narrow(classSums), {
  attrs: null,
  shapes: [[f32(3, 300), f32(3), f32(9, 300), u32(9), f32(9)]],
  operands: [undefined, undefined, undefined, { below: 3 }],
  gradients: [],
})
