// Products whose results show that a device's f16 kernels are right: every form, a large tile and a small one.
import { f32 } from '../src/core/aval.ts'
import { apply } from '../src/core/op.ts'
import type { Roots } from '../src/core/trace.ts'
import { arg, type Value } from '../src/core/value.ts'
import { type Form, matmul } from './matmul.ts'

const product = (form: Form['form'], a: Value, b: Value): Value => apply(matmul, { form })(a, b)

const [tall, wide] = [arg('tall', f32(2048, 24)), arg('wide', f32(24, 2048))]
const [left, right] = [arg('left', f32(260, 96)), arg('right', f32(96, 260))]

/** The roots of the self-test's program, a tenth of a second of reference kernels. */
export const productProbe: Roots = {
  outputs: {
    'A B^T, large': product('NT', tall, arg('other', f32(2048, 24))),
    'A B, large': product('NN', tall, wide),
    'A B': product('NN', left, right),
    'A^T B': product('TN', left, arg('third', f32(260, 96))),
  },
}
