// The table of a network's layers on the page of `collapse advise`; a list of cards where the page is narrow.
import type { LayerAdvice, NetworkAdvice } from '../codec/advice.ts'
import { placeOf } from './advise-text.ts'
import { bytes, count, duration, missing, percent, significant } from './format.ts'
import { type Html, html } from './html.ts'

interface Column {
  readonly title: string
  readonly cell: (layer: LayerAdvice, network: NetworkAdvice) => string
  /** The number whose largest, or smallest, is set in bold. */
  readonly best?: readonly [(layer: LayerAdvice) => number | null, 'most' | 'least']
}

const shown = (x: number | null): string => (x === null ? '' : significant(x))
const share = (x: number | null): string => (x === null ? '' : percent(x))

const columns: ReadonlyArray<Column> = [
  { title: 'tune', cell: (layer, network) => placeOf(network, layer) },
  { title: 'd', cell: ({ d }) => count(d) },
  {
    title: 'nc1',
    cell: ({ nc1 }) => shown(nc1?.value ?? null),
    best: [({ nc1 }) => nc1?.value ?? null, 'least'],
  },
  {
    title: '95 %',
    cell: ({ nc1 }) => (nc1 === null ? '' : `${significant(nc1.low)}–${significant(nc1.high)}`),
  },
  { title: 'null', cell: ({ nullNc1 }) => shown(nullNc1) },
  { title: 'shuffled', cell: ({ shuffledNc1 }) => shown(shuffledNc1) },
  {
    title: 'class mean',
    cell: ({ nearestMean }) => share(nearestMean),
    best: [({ nearestMean }) => nearestMean, 'most'],
  },
  {
    title: 'probe',
    cell: ({ probe }) => share(probe?.value ?? null),
    best: [({ probe }) => probe?.value ?? null, 'most'],
  },
  { title: 'LogME', cell: ({ logme }) => shown(logme), best: [({ logme }) => logme, 'most'] },
  { title: 'H-score', cell: ({ hScore }) => shown(hScore), best: [({ hScore }) => hScore, 'most'] },
  { title: 'trains', cell: ({ cost }) => count(cost.parameters) },
  { title: 'memory', cell: ({ cost }) => bytes(cost.bytes) },
  { title: 'epoch', cell: ({ cost }) => duration(cost.secondsPerEpoch) },
  {
    title: 'reached',
    cell: ({ reached }) => share(reached?.testAccuracy ?? null),
    best: [({ reached }) => reached?.testAccuracy ?? null, 'most'],
  },
]

const bestOf = (layers: ReadonlyArray<LayerAdvice>, { best }: Column): number | undefined => {
  if (best === undefined) return undefined
  const [value, which] = best
  const values = layers.filter(({ unit }) => unit !== null).flatMap(layer => value(layer) ?? [])
  if (values.length < 2) return undefined
  return which === 'most' ? Math.max(...values) : Math.min(...values)
}

/** All layers, the best unit of each score in bold; columns that no layer has are left out. */
export const adviceTable = (network: NetworkAdvice): Html => {
  const { layers } = network
  const used = columns.filter(({ cell }) => layers.some(layer => cell(layer, network) !== ''))
  const bests = used.map(column => bestOf(layers, column))
  const row = (layer: LayerAdvice): Html => {
    const cells = used.map(({ title, cell, best }, i) => {
      const text = cell(layer, network)
      const top = layer.unit !== null && best !== undefined && best[0](layer) === bests[i]
      return html`<td role="cell" data-name="${title}" class="${text === '' ? 'none' : top ? 'top' : ''}">${text === '' ? missing : text}</td>`
    })
    return html`<tr role="row"><th role="rowheader" scope="row" class="name">${layer.layer}</th>${cells}</tr>
`
  }
  return html`<table role="table" class="cards" aria-label="Scores and costs of ${network.model}">
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col" class="name">layer</th>${used.map(({ title }) => html`<th role="columnheader" scope="col">${title}</th>`)}</tr></thead>
<tbody role="rowgroup">${layers.map(row)}</tbody></table>`
}
