// Products on GPUs: which tile of shaders/product-tiled.wgsl or product-halves.wgsl, and how many parts of the sum.
import type { Dispatch, Target } from '../src/core/dispatch.ts'
import halvesSource from '../shaders/product-halves.wgsl' with { type: 'text' }
import matrixSource from '../shaders/product-halves-matrix.wgsl' with { type: 'text' }
import tiledSource from '../shaders/product-tiled.wgsl' with { type: 'text' }
import type { Sizes } from './matmul-form.ts'

/**
 * A workgroup's share of a product: `rows` x `columns` of the result, `side` x `side` of them a lane; `halves` are
 * multiplied as f16 by matrix units, and only with sides of 8.
 */
export interface Tile {
  readonly rows: number
  readonly columns: number
  readonly side: 4 | 8
  readonly halves: boolean
}

/** A tile, and how many parts of k are summed apart; `share` is a part's k, a multiple of eight. */
export interface Division {
  readonly tile: Tile
  readonly parts: number
  readonly share: number
}

interface Choice extends Tile {
  readonly reach: number
}

/**
 * Tiles and the part of an SM's f32 multiply-adds that they may reach, largest first. Estimates: a lane's 8 x 8 takes one
 * vec4 of workgroup memory for sixteen multiply-adds, 4 x 4 one for eight; smaller tiles also read more.
 */
const floats: ReadonlyArray<Choice> = [
  { rows: 128, columns: 128, side: 8, halves: false, reach: 0.7 },
  { rows: 128, columns: 64, side: 8, halves: false, reach: 0.6 },
  { rows: 64, columns: 128, side: 8, halves: false, reach: 0.6 },
  { rows: 64, columns: 64, side: 8, halves: false, reach: 0.5 },
  { rows: 32, columns: 32, side: 4, halves: false, reach: 0.25 },
]

/** What f16 gains, an estimate: matrix units are not the limit, getting f32 arrays to them is. */
const gain = 3

const halves: ReadonlyArray<Choice> = floats
  .filter(({ side }) => side === 8)
  .map(tile => ({ ...tile, halves: true, reach: gain * tile.reach }))

/** The tiles that there are, largest first. */
export const tileList: ReadonlyArray<Tile> = [...floats, ...halves].map(
  ({ reach: _, ...tile }) => tile,
)

/** The name of a tile in measurements: `128x64`, `128x64 f16`. */
export const tileName = ({ rows, columns, halves }: Tile): string =>
  `${rows}x${columns}${halves ? ' f16' : ''}`

/**
 * Reaches by name from measured speeds of tiles, in any one unit: the fastest f32 tile is taken to reach what the best one
 * is estimated to, since what a card could do at most is not known.
 */
export const reachesFrom = (
  speeds: ReadonlyArray<{ readonly tile: Tile; readonly speed: number }>,
): Readonly<Record<string, number>> => {
  const top = Math.max(...speeds.filter(({ tile }) => !tile.halves).map(({ speed }) => speed))
  const best = Math.max(...floats.map(({ reach }) => reach))
  return Object.fromEntries(
    speeds.map(({ tile, speed }) => [tileName(tile), (best * speed) / top] as const),
  )
}

/** What a card of H200's class does: SMs, and for each multiply-adds and, all together, bytes a clock. */
const sms = 132
const fmasPerClock = 128
const bytesPerClock = 2500

/** Clocks between two dispatches that depend on each other, about 2 us. */
const clocksBetween = 3500

/** Part sizes below this are not worth their start. */
const leastShare = 128

/** Parts that wait for their sum hold no more than this, nor than can be bound. */
const mostBytes = 2 ** 27

/** What parts must promise to save before a sum is cut. */
const leastGain = 1.1

/** Lanes that keep an SM busy while some wait, and what it does with almost none, an estimate. */
const busyLanes = 512
const leastBusy = 0.6

/** Bytes of workgroup memory: two tiles twice, padded, and where halves leave through memory, 64 bytes a lane. */
export const workgroupBytesOf = ({ rows, columns, halves }: Tile): number =>
  halves ? 8 * 12 * (rows + columns) + rows * columns : 16 * 16 * (rows / 4 + 1 + columns / 4 + 1)

/** The core of a product by a tile; the shader of its operands follows. */
export const coreOf = (
  { rows, columns, side, halves }: Tile,
  aAlong: boolean,
  bAlong: boolean,
): Pick<Dispatch, 'shader' | 'constants'> => ({
  shader: halves ? matrixSource + halvesSource : tiledSource,
  constants: {
    ROWS: rows,
    COLUMNS: columns,
    ...(halves ? {} : { SIDE: side }),
    A_ALONG: Number(aAlong),
    B_ALONG: Number(bAlong),
  },
})

const shareOf = (k: number, parts: number): number => 8 * Math.ceil(k / parts / 8)

/**
 * Clocks that a division is expected to take: full rounds of the SMs, longer where too few lanes are on each, then the
 * sum of the parts from memory.
 */
const clocksOf = (
  { m, n, groups }: Sizes & { readonly groups: number },
  { tile, parts, share }: Division,
  reach: number,
): number => {
  const workgroups = groups * Math.ceil(m / tile.rows) * Math.ceil(n / tile.columns) * parts
  const lanes = ((tile.rows * tile.columns) / tile.side ** 2) * (workgroups / sms)
  const busy = leastBusy + (1 - leastBusy) * Math.min(1, lanes / busyLanes)
  const each = (tile.rows * tile.columns * share) / (fmasPerClock * reach * busy)
  const whole = Math.ceil(workgroups / sms) * each
  const sum = clocksBetween + (8 * parts * groups * m * n) / bytesPerClock
  return parts === 1 ? whole : leastGain * (whole + sum)
}

/** What the target's workgroup memory has room for, the smallest tile at least, with measured reaches where there are. */
const tilesFor = ({ limits, precision, reaches = {} }: Target): ReadonlyArray<Choice> =>
  [...floats, ...(precision === 'f16' ? halves : [])]
    .filter(tile => tile.side === 4 || workgroupBytesOf(tile) <= limits.workgroupBytes)
    .map(tile => ({ ...tile, reach: reaches[tileName(tile)] ?? tile.reach }))

/**
 * The division of `groups` products of these sizes that is expected to take least; `mostParts` 1 keeps sums whole.
 */
export const divisionOf = (
  sizes: Sizes & { readonly groups: number },
  target: Target,
  mostParts: number,
): Division => {
  const { m, n, k, groups } = sizes
  const bytes = Math.min(mostBytes, target.limits.maxBindingBytes)
  const most = Math.min(mostParts, k / leastShare, bytes / (4 * groups * m * n))
  const counts = Array.from({ length: Math.max(1, Math.floor(most)) }, (_, i) => i + 1)
  const choices = tilesFor(target).flatMap(({ reach, ...tile }) =>
    counts.map(count => {
      const share = shareOf(k, count)
      const division = { tile, share, parts: Math.max(1, Math.ceil(k / share)) }
      return { division, clocks: clocksOf(sizes, division, reach) }
    }),
  )
  const best = choices.reduce((a, b) => (b.clocks < a.clocks ? b : a))
  return best.division
}
