// Names beside points: each takes the side on which it covers least, in a fixed order of sides.

/** A point and its text, in pixels from the top left corner of the plot. */
export interface Spot {
  readonly x: number
  readonly y: number
  readonly text: string
}

/** Where a text goes: its anchor in pixels and which of its sides the anchor is. */
export interface Label {
  readonly x: number
  readonly y: number
  readonly text: string
  readonly align: 'left' | 'center' | 'right'
}

interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Plot size and letter size in pixels. */
export interface Room {
  readonly width: number
  readonly height: number
  readonly letter: number
}

const gap = 8

const candidates = ({ x, y, text }: Spot): ReadonlyArray<Label> => [
  { text, x: x + gap, y, align: 'left' },
  { text, x: x - gap, y, align: 'right' },
  { text, x, y: y - gap - 5, align: 'center' },
  { text, x, y: y + gap + 5, align: 'center' },
  { text, x: x + gap - 2, y: y - gap, align: 'left' },
  { text, x: x + gap - 2, y: y + gap, align: 'left' },
  { text, x: x - gap + 2, y: y - gap, align: 'right' },
  { text, x: x - gap + 2, y: y + gap, align: 'right' },
]

const boxOf = ({ x, y, text, align }: Label, letter: number): Box => {
  const width = [...text].length * letter * 0.58
  const left = align === 'left' ? x : align === 'right' ? x - width : x - width / 2
  return { left, right: left + width, top: y - letter / 2, bottom: y + letter / 2 }
}

const around = ({ x, y }: Spot): Box => ({ left: x - 5, right: x + 5, top: y - 5, bottom: y + 5 })

const overlap = (a: Box, b: Box): number =>
  Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
  Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top))

const outside = ({ left, right, top, bottom }: Box, { width, height }: Room): number =>
  Math.max(0, -left) + Math.max(0, right - width) + Math.max(0, -top) + Math.max(0, bottom - height)

/** One label for each spot, placed one after the other away from points, earlier labels and the plot's edges. */
export const placeLabels = (spots: ReadonlyArray<Spot>, room: Room): ReadonlyArray<Label> => {
  const taken: Array<Box> = spots.map(around)
  return spots.map(spot => {
    const costs = candidates(spot).map((label, rank) => {
      const box = boxOf(label, room.letter)
      const covered = taken.reduce((sum, other) => sum + overlap(box, other), 0)
      return { label, box, cost: covered + 40 * outside(box, room) + rank / 100 }
    })
    const chosen = costs.reduce((a, b) => (b.cost < a.cost ? b : a))
    taken.push(chosen.box)
    return chosen.label
  })
}
