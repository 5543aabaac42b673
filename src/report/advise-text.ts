// The result of `collapse advise` for a terminal: scores by layer, costs, and the advice in sentences.
import type { Advice, LayerAdvice, NetworkAdvice } from '../codec/advice.ts'
import { bytes, count, duration, percent, significant } from './format.ts'
import { type Column, columns, wrap } from './text-layout.ts'

type Layers = ReadonlyArray<LayerAdvice>

const column = (
  layers: Layers,
  title: string,
  cell: (layer: LayerAdvice) => string,
  side: Column['side'] = 'right',
): Column => ({ title, side, cells: layers.map(cell) })

const shown = (x: number | null): string => (x === null ? '-' : significant(x))

const share = (x: number | null): string => (x === null ? '-' : percent(x))

/** What a layer's place in the order is called; `–` for the classifier's input. */
export const placeOf = ({ order, over }: NetworkAdvice, { unit }: LayerAdvice): string =>
  unit === null ? '' : over.includes(unit) ? 'over' : String(1 + order.indexOf(unit))

const heads = (network: NetworkAdvice): ReadonlyArray<Column> => [
  column(network.layers, 'tune', layer => placeOf(network, layer)),
  column(network.layers, 'unit', ({ unit }) => String(unit ?? '')),
  column(network.layers, 'layer', ({ layer }) => layer, 'left'),
]

const scores = (network: NetworkAdvice): ReadonlyArray<Column> => {
  const { layers } = network
  return [
    ...heads(network),
    column(layers, 'd', ({ d }) => String(d)),
    column(layers, 'nc1', ({ nc1 }) => shown(nc1?.value ?? null)),
    column(layers, '95 %', ({ nc1 }) =>
      nc1 === null ? '-' : `${significant(nc1.low)} to ${significant(nc1.high)}`,
    ),
    column(layers, 'null', ({ nullNc1 }) => shown(nullNc1)),
    column(layers, 'shuffled', ({ shuffledNc1 }) => shown(shuffledNc1)),
    column(layers, 'class mean', ({ nearestMean }) => share(nearestMean)),
    column(layers, 'probe', ({ probe }) => share(probe?.value ?? null)),
    column(layers, 'LogME', ({ logme }) => shown(logme)),
    column(layers, 'H-score', ({ hScore }) => shown(hScore)),
  ]
}

const costs = (network: NetworkAdvice): ReadonlyArray<Column> => {
  const { layers } = network
  return [
    ...heads(network),
    column(layers, 'tunes', ({ cost }) => count(cost.parameters)),
    column(layers, 'percent', ({ cost }) => `${significant(cost.percent)}%`),
    column(layers, 'memory', ({ cost }) => bytes(cost.bytes)),
    column(layers, 'GFLOP/step', ({ cost }) => significant(cost.stepFlops / 1e9)),
    column(layers, 'epoch, about', ({ cost }) => duration(cost.secondsPerEpoch)),
    ...(layers.some(({ reached }) => reached !== null)
      ? [
          column(layers, 'reached', ({ reached }) =>
            reached === null ? '-' : percent(reached.testAccuracy, 2),
          ),
          column(layers, 'nc1 then', ({ reached }) => shown(reached?.penultimateNc1 ?? null)),
        ]
      : []),
  ]
}

const sentences = (said: ReadonlyArray<string>): ReadonlyArray<string> =>
  said.flatMap(one => wrap(one, 98).map((line, i) => (i === 0 ? `- ${line}` : `  ${line}`)))

const networkText = (network: NetworkAdvice): ReadonlyArray<string> => [
  `${network.model}: ${count(network.parameters)} parameters, images of ${network.input.join(' x ')}${network.leep === null ? '' : `, LEEP ${significant(network.leep)}`}`,
  '',
  ...columns(scores(network)),
  '',
  ...columns(costs(network)),
  '',
  ...sentences(network.said),
]

const acrossText = ({ across, networks }: Advice): ReadonlyArray<string> => {
  if (across === null) return []
  const sorted = across.order.flatMap(name => networks.find(({ model }) => model === name) ?? [])
  const last = sorted.map(({ layers }) => layers.find(({ unit }) => unit === null))
  const cells = (of: (layer: LayerAdvice | undefined) => string) => last.map(of)
  return [
    'Networks, by what a linear probe reaches on the input of their classifiers',
    '',
    ...columns([
      { title: 'network', side: 'left', cells: sorted.map(({ model }) => model) },
      { title: 'd', side: 'right', cells: cells(layer => String(layer?.d ?? '')) },
      { title: 'probe', side: 'right', cells: cells(layer => share(layer?.probe?.value ?? null)) },
      {
        title: 'class mean',
        side: 'right',
        cells: cells(layer => share(layer?.nearestMean ?? null)),
      },
      { title: 'nc1', side: 'right', cells: cells(layer => shown(layer?.nc1?.value ?? null)) },
      { title: 'LogME', side: 'right', cells: cells(layer => shown(layer?.logme ?? null)) },
      { title: 'H-score', side: 'right', cells: cells(layer => shown(layer?.hScore ?? null)) },
      { title: 'LEEP', side: 'right', cells: sorted.map(({ leep }) => shown(leep)) },
    ]),
    '',
    ...sentences(across.said),
    '',
  ]
}

const sampled = ({ images: { used, of, classes, perClass } }: Advice): string =>
  `${count(used)} images${used === of ? '' : ` of ${count(of)}`}, ${classes} classes${perClass === null ? ' of unequal size' : ` of ${perClass}`}`

/** The whole result as text, without a line break at its end. */
export const adviceText = (advice: Advice): string =>
  [
    `${sampled(advice)}; steps of ${advice.batch} images. Seconds are estimates from the speed of the forward pass.`,
    'nc1 beside what features of this width without structure have (null), and these with shuffled labels.',
    '',
    ...acrossText(advice),
    ...advice.networks.flatMap((network, i) => [...(i === 0 ? [] : ['']), ...networkText(network)]),
  ].join('\n')
