// The paper's claims about layers of the pre-trained network: Figures 2, 8 and 14.
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import * as RA from 'fp-ts/ReadonlyArray'
import type { DemoResult, SourceEpoch } from '../experiments/demo-result.ts'
import { spearman } from '../core/correlation.ts'
import { decay, decayInWords, falls } from './decay.ts'
import { correlation, significant } from './format.ts'
import {
  byCorrelation,
  byDepth,
  byShare,
  type ClaimRule,
  type ClaimText,
  correlationRule,
  correlations,
  type Judgement,
  shareRule,
  type Verdict,
} from './verdict.ts'

const count = <A>(xs: ReadonlyArray<A>, holds: (x: A, i: number) => boolean): number =>
  xs.filter(holds).length

const onLastEpoch =
  (judge: (nc1: ReadonlyArray<number>) => O.Option<Judgement>) =>
  (result: DemoResult): O.Option<Judgement> =>
    pipe(
      RA.last(result.source),
      O.filter(epoch => epoch.nc1.length >= 2),
      O.chain(epoch => judge(epoch.nc1)),
    )

const byFalls = (nc1: ReadonlyArray<number>): Verdict => {
  const verdict = byShare(falls(nc1), nc1.length - 1)
  return (nc1.at(-1) ?? 0) < (nc1[0] ?? 0) ? verdict : 'not held'
}

const depth: ClaimRule = {
  id: 'fig2-depth',
  topic: 'source',
  figure: 'Figure 2, Section 2',
  claim: 'In a trained network nc1 decays progressively from shallow to deep layers.',
  rule: `steps from one layer to the next at which nc1 falls, after the last epoch; ${shareRule}, and lower at the last layer than at the first`,
  judge: onLastEpoch(nc1 =>
    O.some({
      seen: `It falls at ${falls(nc1)} of ${nc1.length - 1} steps, from ${significant(nc1[0] ?? Number.NaN)} at the first layer to ${significant(nc1.at(-1) ?? Number.NaN)} at the last.`,
      verdict: byFalls(nc1),
    }),
  ),
}

const byLinearity = (slope: number, r2: number): Verdict => {
  if (slope >= 0) return 'not held'
  return r2 >= 0.9 ? 'held' : r2 >= 0.5 ? 'partly' : 'not held'
}

const rate: ClaimRule = {
  id: 'fig2-rate',
  topic: 'source',
  figure: 'Figure 2, Section 2',
  claim: 'The decay has a linear rate: each layer divides nc1 by about the same factor.',
  rule: 'least-squares line of log nc1 on depth, after the last epoch; held: it falls with R² of at least 0.9; partly: at least 0.5',
  judge: onLastEpoch(nc1 =>
    pipe(
      O.fromNullable(decay(nc1)),
      O.map(line => ({
        seen: decayInWords(line, significant),
        verdict: byLinearity(line.slope, line.r2),
      })),
    ),
  ),
}

const overEpochs = (first: SourceEpoch, last: SourceEpoch): Judgement => {
  const lower = count(last.nc1, (x, i) => x < (first.nc1[i] ?? Number.NaN))
  const [from, to] = [first.nc1.at(-1) ?? Number.NaN, last.nc1.at(-1) ?? Number.NaN]
  return {
    seen: `Between epoch ${first.epoch} and epoch ${last.epoch} it falls at ${lower} of ${last.nc1.length} layers; at the last layer from ${significant(from)} to ${significant(to)}.`,
    verdict: byShare(lower, last.nc1.length),
  }
}

const epochs: ClaimRule = {
  id: 'fig2-epochs',
  topic: 'source',
  figure: 'Figure 2, Appendix B.1',
  claim: 'Training collapses the features: nc1 falls over the epochs at each layer.',
  rule: `layers at which nc1 is lower at the last measured epoch than at the first; ${shareRule}`,
  judge: ({ source }) => {
    const [first, last] = [source[0], source.at(-1)]
    const enough = first !== undefined && last !== undefined && first.epoch < last.epoch
    return enough && last.nc1.length > 0 ? O.some(overEpochs(first, last)) : O.none
  },
}

/** A claim about probes on layers, by them alone. */
export interface LayerClaim extends ClaimText {
  readonly judge: (result: Pick<DemoResult, 'layerProbes'>) => O.Option<Judgement>
}

const probeColumns = ({ layerProbes }: Pick<DemoResult, 'layerProbes'>) => ({
  nc1: layerProbes.map(probe => probe.nc1),
  accuracy: layerProbes.map(probe => probe.testAccuracy),
  depth: layerProbes.map((_, i) => i + 1),
})

const layers: LayerClaim = {
  id: 'fig8-layers',
  topic: 'layers',
  figure: 'Figure 8, Section 3.2',
  claim: 'Layers more collapsed on downstream data transfer better, nearly linearly.',
  rule: `accuracy of a linear classifier on each layer against nc1 there; ${correlationRule}`,
  judge: result => {
    const { nc1, accuracy } = probeColumns(result)
    const seen = correlations(nc1, accuracy)
    return nc1.length === 0
      ? O.none
      : O.some({
          seen: `Over ${nc1.length} layers Pearson is ${correlation(seen.r)} and Spearman ${correlation(seen.rho)}.`,
          verdict: byCorrelation(seen),
        })
  },
}

const byStronger = (ofNc1: number | null, ofDepth: number | null): Verdict => {
  if (ofNc1 === null || ofNc1 >= 0) return 'not held'
  const lead = -ofNc1 - Math.abs(ofDepth ?? 0)
  return Math.abs(lead) < 1e-9 ? 'partly' : lead > 0 ? 'held' : 'not held'
}

const collapseNotDepth: LayerClaim = {
  id: 'fig8-depth',
  topic: 'layers',
  figure: 'Figure 8, Section 3.2',
  claim: 'Accuracy goes with the collapse of a layer rather than with its depth.',
  rule: 'Spearman of accuracy; held: stronger against nc1 than against depth; partly: equally strong',
  judge: result => {
    const { nc1, accuracy, depth } = probeColumns(result)
    const [ofNc1, ofDepth] = [spearman(nc1, accuracy), spearman(depth, accuracy)]
    return nc1.length === 0
      ? O.none
      : O.some({
          seen: `Spearman is ${correlation(ofNc1)} against nc1 and ${correlation(ofDepth)} against depth.`,
          verdict: byStronger(ofNc1, ofDepth),
        })
  },
}

const lowest: LayerClaim = {
  id: 'fig14-last',
  topic: 'layers',
  figure: 'Figure 14, Appendix D.2 (a vision transformer there)',
  claim: 'On downstream data nc1 is smallest at the last layers.',
  rule: 'the layer with the smallest nc1 before tuning; held: in the last third; partly: in the last half',
  judge: ({ layerProbes }) => {
    const values = layerProbes.map(probe => probe.nc1)
    const index = values.indexOf(Math.min(...values))
    const [found, last] = [layerProbes[index], layerProbes.at(-1)]
    return found === undefined || last === undefined
      ? O.none
      : O.some({
          seen: `It is smallest at ${found.layer}, number ${index + 1} of ${values.length}, with ${significant(found.nc1)}; the last layer has ${significant(last.nc1)}.`,
          verdict: byDepth(index, values.length),
        })
  },
}

/** Figures 8 and 14: what the collapse of a layer says of its use downstream, and where it is least. */
export const probeClaims: ReadonlyArray<LayerClaim> = [layers, collapseNotDepth, lowest]

/** Figures 2, 8 and 14: collapse by depth and by epoch, and what it says of a layer's use downstream. */
export const layerClaims: ReadonlyArray<ClaimRule> = [depth, rate, epochs, ...probeClaims]
