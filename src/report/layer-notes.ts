// What stands out in the collapse of a network's layers, in sentences with their figures.
import type { LayerReport } from '../collapse/layer-report.ts'
import { decay, decayInWords, falls } from './decay.ts'
import { percent, significant } from './format.ts'

/** A sentence and the figures behind it. */
export interface Note {
  readonly said: string
  readonly seen: string
}

type Layers = ReadonlyArray<LayerReport>

/** The layer with the smallest value of nc1. */
export const mostCollapsed = (layers: Layers): LayerReport | undefined =>
  layers
    .filter(({ nc1 }) => nc1 !== null)
    .reduce<LayerReport | undefined>(
      (best, layer) => (best === undefined || (layer.nc1 ?? 0) < (best.nc1 ?? 0) ? layer : best),
      undefined,
    )

const course = (nc1: ReadonlyArray<number>): ReadonlyArray<Note> => {
  if (nc1.length < 2) return []
  const down = falls(nc1)
  const steps = nc1.length - 1
  const said =
    down === steps
      ? 'nc1 falls at every step.'
      : down === 0
        ? 'nc1 falls at no step.'
        : `nc1 falls at ${down} of ${steps} steps.`
  const line = decay(nc1)
  return [
    {
      said,
      seen: line === null ? 'Too few units for a rate.' : decayInWords(line, significant),
    },
  ]
}

const deepest = (layers: Layers): ReadonlyArray<Note> => {
  const best = mostCollapsed(layers)
  if (best?.nc1 == null || layers.length < 2) return []
  const { cdnv, numericalRank } = best
  const beside = [
    cdnv === null ? '' : `CDNV is ${significant(cdnv)}`,
    numericalRank === null
      ? ''
      : `a class's features have numerical rank ${significant(numericalRank)}`,
  ].filter(part => part !== '')
  return [
    {
      said: `${best.layer} is the most collapsed, with nc1 ${significant(best.nc1)}.`,
      seen: beside.length === 0 ? '' : `There ${beside.join(' and ')}.`,
    },
  ]
}

const against = (ratio: number): string =>
  ratio < 1 ? `${percent(ratio)} of` : `${significant(ratio)} times`

const structure = (layers: Layers): ReadonlyArray<Note> => {
  const last = layers.at(-1)
  if (last?.nc1 == null) return []
  if (last.nullNc1 === null) {
    return [
      {
        said: 'There is no baseline at the last layer.',
        seen: 'nc1 of features without structure is known for classes of equal size and d > K.',
      },
    ]
  }
  return [
    {
      said: `At ${last.layer} nc1 is ${against(last.nc1 / last.nullNc1)} the baseline.`,
      seen: `Features of ${last.d} dimensions without structure would have ${significant(last.nullNc1)}.`,
    },
  ]
}

const classifier = (layers: Layers): ReadonlyArray<Note> => {
  const last = layers.at(-1)
  if (last?.nccMismatch == null) return []
  const aligned =
    last.selfDuality === null
      ? ''
      : `The distance of its weights to the class means (NC3) is ${significant(last.selfDuality)}.`
  return [
    {
      said: `The classifier differs from the nearest class centre on ${percent(last.nccMismatch)} of the images.`,
      seen: aligned,
    },
  ]
}

/** The notes that the layers give rise to. The course along the depth is that of the fine-tuning units. */
export const layerNotes = (layers: Layers): ReadonlyArray<Note> => {
  const units = layers.filter(({ unit }) => unit !== null).flatMap(({ nc1 }) => nc1 ?? [])
  return [...course(units), ...deepest(layers), ...structure(layers), ...classifier(layers)]
}
