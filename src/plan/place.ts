// Placement in memory by liveness: every storage gets an offset in an arena, and no two live ones overlap.

/** Something to place: `bytes` from step `first` to step `last`, both included. */
export interface Interval {
  readonly key: string
  readonly bytes: number
  readonly first: number
  readonly last: number
}

/** Where it lies: a byte range of one arena. */
export interface Slot {
  readonly arena: number
  readonly offset: number
  readonly bytes: number
}

/** Slots by key, and the bytes of each arena. */
export interface Placement {
  readonly slots: ReadonlyMap<string, Slot>
  readonly arenas: ReadonlyArray<number>
}

/** Storage offsets are multiples of this, WebGPU's `minStorageBufferOffsetAlignment`. */
export const ALIGNMENT = 256

/** Rounds up to a multiple. */
export const roundUp = (n: number, multiple: number): number => Math.ceil(n / multiple) * multiple

/** Bytes bound for a storage of `bytes`: whole vec4s, so that shaders may load the tail as one. */
export const boundBytes = (bytes: number): number => Math.max(16, roundUp(bytes, 16))

interface Placed extends Interval, Slot {}

const gapFor = (interval: Interval, neighbours: ReadonlyArray<Placed>): number => {
  let offset = 0
  let best: { readonly offset: number; readonly slack: number } | undefined
  for (const n of neighbours) {
    const slack = n.offset - offset - interval.bytes
    if (slack >= 0 && (best === undefined || slack < best.slack)) best = { offset, slack }
    offset = Math.max(offset, roundUp(n.offset + n.bytes, ALIGNMENT))
  }
  return best?.offset ?? offset
}

const overlapsInTime = (a: Interval, b: Interval): boolean => a.first <= b.last && b.first <= a.last

/**
 * Largest first, each into the tightest gap among those alive at the same time; a new arena where `arenaBytes` would
 * be passed. An interval larger than that gets an arena of its own.
 */
export const place = (intervals: ReadonlyArray<Interval>, arenaBytes: number): Placement => {
  const arenas: Array<Array<Placed>> = []
  const sorted = [...intervals].sort((a, b) => b.bytes - a.bytes || a.first - b.first)
  for (const interval of sorted) {
    let arena = 0
    let offset = 0
    for (; ; arena++) {
      const alive = (arenas[arena] ?? []).filter(p => overlapsInTime(p, interval))
      offset = gapFor(
        interval,
        alive.sort((a, b) => a.offset - b.offset),
      )
      if (offset + interval.bytes <= arenaBytes || arenas[arena] === undefined) break
    }
    const placed = { ...interval, arena, offset }
    arenas[arena] = [...(arenas[arena] ?? []), placed]
  }
  return {
    slots: new Map(
      arenas.flat().map(({ key, arena, offset, bytes }) => [key, { arena, offset, bytes }]),
    ),
    arenas: arenas.map(ps => roundUp(Math.max(...ps.map(p => p.offset + p.bytes)), ALIGNMENT)),
  }
}

/** The largest sum of bytes alive at one step: no placement needs less. */
export const liveBytes = (intervals: ReadonlyArray<Interval>): number => {
  const steps = new Set(intervals.map(i => i.first))
  const alive = [...steps].map(t =>
    intervals.reduce((sum, i) => (i.first <= t && t <= i.last ? sum + i.bytes : sum), 0),
  )
  return Math.max(0, ...alive)
}
