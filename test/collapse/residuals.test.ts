// Residual statistics: monoid laws, and shards in one frame that add up to the whole.
import { isDeepStrictEqual } from 'node:util'
import * as E from 'fp-ts/Either'
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { cdnvOf } from '../../src/collapse/cdnv.ts'
import { classStats } from '../../src/collapse/class-stats.ts'
import { betweenDirections } from '../../src/collapse/directions.ts'
import { choiceFrame } from '../../src/collapse/frame.ts'
import { classMeans } from '../../src/collapse/means.ts'
import { nc1Of } from '../../src/collapse/nc1.ts'
import { nccMismatchOf } from '../../src/collapse/ncc-mismatch.ts'
import { foldingOf } from '../../src/collapse/passes.ts'
import { type Residuals, residualsMonoid } from '../../src/collapse/residuals.ts'
import { classified, nearRelative, picked, right, type Sample } from '../support/index.ts'

const test = suite('residual statistics')

const { empty, concat } = residualsMonoid

const whole = (n: number) =>
  fc.array(fc.nat(99), { minLength: n, maxLength: n }).map(xs => Float64Array.from(xs))

const residuals: fc.Arbitrary<Residuals> = fc.record(
  {
    within: whole(3),
    energy: whole(3),
    projected: whole(6),
    mismatches: whole(1),
  },
  { noNullPrototype: true },
)

test('form a commutative monoid', () => {
  fc.assert(
    fc.property(residuals, residuals, residuals, (a, b, c) => {
      assert.ok(isDeepStrictEqual(concat(concat(a, b), c), concat(a, concat(b, c))))
      assert.ok(isDeepStrictEqual(concat(a, b), concat(b, a)))
      assert.ok(isDeepStrictEqual(concat(a, empty), a))
    }),
  )
})

test('of shards add up to those of the whole', () => {
  fc.assert(
    fc.property(classified(), fc.nat(100), (sample, at) => {
      const { features, labels, classes, classifier } = sample
      const means = right(classMeans(right(classStats(features, labels))))
      const directions = betweenDirections(means)
      const frame = choiceFrame(means, directions, classifier)
      const of = ({ features: { data }, labels: ids }: Sample): Residuals => {
        const folding = foldingOf({ _tag: 'Residuals', frame }, { classes, d: features.d })
        folding.add({ data, ids: Int32Array.from(ids), first: 0 })
        const sum = folding.sum()
        return sum._tag === 'Residuals' ? sum.residuals : empty
      }
      const rows = labels.map((_, i) => i)
      const cut = at % (rows.length + 1)
      const merged = [rows.slice(0, cut), rows.slice(cut)]
        .map(part => of(picked(sample, part)))
        .reduce(concat)
      const summaries = [of(sample), merged].map(sums => ({ means, directions, residuals: sums }))
      for (const metric of [nc1Of, cdnvOf, nccMismatchOf]) {
        const [direct = Number.NaN, added = Number.NaN] = summaries.map(summary =>
          E.getOrElse(() => Number.NaN)(metric(summary)),
        )
        nearRelative(added, direct, 1e-9)
      }
    }),
  )
})

test.run()
