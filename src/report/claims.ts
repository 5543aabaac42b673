// The paper's claims that the demo bears on, judged on its result by rules fixed beforehand.
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import * as RA from 'fp-ts/ReadonlyArray'
import type { DemoResult } from '../experiments/demo-result.ts'
import { layerClaims } from './claims-layers.ts'
import { transferClaims } from './claims-transfer.ts'
import type { Claim, ClaimRule, Verdict } from './verdict.ts'

/** Every claim with its place in the paper, its rule and its judge. */
export const claimRules: ReadonlyArray<ClaimRule> = [...layerClaims, ...transferClaims]

/** Each claim that the result can be held against, with what was seen and the verdict. */
export const judgeClaims = (result: DemoResult): ReadonlyArray<Claim> =>
  pipe(
    claimRules,
    RA.filterMap(({ judge, ...text }) =>
      pipe(
        judge(result),
        O.map(judgement => ({ ...text, ...judgement })),
      ),
    ),
  )

/** How many claims have each verdict. */
export const tally = (claims: ReadonlyArray<Claim>): Readonly<Record<Verdict, number>> => ({
  held: claims.filter(claim => claim.verdict === 'held').length,
  partly: claims.filter(claim => claim.verdict === 'partly').length,
  'not held': claims.filter(claim => claim.verdict === 'not held').length,
})
