// Colours and marks of the figures: one per method everywhere, one scale of hue for time; two themes.
import { type Shown, shownMethods } from './names.ts'

/** The CSS variable of a method's colour, usable in an SVG. */
export const methodColour = (method: Shown): string => `var(--${method})`

/** The CSS variables of a metric's line, and of what it is held against. */
export const metricColour = methodColour('layer')
export const baselineColour = methodColour('probe')

/** The shape of a method's points, as Vega names it. */
export const methodShape: Readonly<
  Record<Shown, 'circle' | 'square' | 'triangle-up' | 'triangle-down' | 'diamond'>
> = {
  probe: 'circle',
  layer: 'square',
  scl: 'triangle-up',
  paths: 'triangle-down',
  full: 'diamond',
}

/** The dash pattern of a method's lines: the two references are broken, the two proposals whole. */
export const methodDash: Readonly<Record<Shown, ReadonlyArray<number>>> = {
  probe: [5, 3],
  layer: [1, 0],
  scl: [1, 0],
  paths: [7, 2],
  full: [2, 2.5],
}

/** The CSS variable of the i-th measured epoch. */
export const epochColour = (i: number): string => `var(--epoch-${i})`

type Rgb = readonly [number, number, number]

const mix = (stops: ReadonlyArray<Rgb>, share: number): string => {
  const at = share * (stops.length - 1)
  const i = Math.min(Math.floor(at), stops.length - 2)
  const [from, to] = [stops[i] ?? [0, 0, 0], stops[i + 1] ?? [0, 0, 0]]
  const channel = (c: 0 | 1 | 2): number => Math.round(from[c] + (to[c] - from[c]) * (at - i))
  return `rgb(${channel(0)} ${channel(1)} ${channel(2)})`
}

const light: ReadonlyArray<Rgb> = [
  [222, 196, 142],
  [104, 160, 150],
  [24, 68, 110],
]
const dark: ReadonlyArray<Rgb> = [
  [110, 88, 60],
  [70, 142, 142],
  [164, 222, 240],
]

/** CSS declarations of the colours of `n` epochs, early to late, for a theme. */
export const epochColours = (n: number, theme: 'light' | 'dark'): string =>
  Array.from(
    { length: n },
    (_, i) => `--epoch-${i}:${mix(theme === 'light' ? light : dark, n === 1 ? 1 : i / (n - 1))};`,
  ).join('')

const themes: Readonly<Record<'light' | 'dark', Readonly<Record<Shown, string>>>> = {
  light: { probe: '#626c79', layer: '#1f6fb2', scl: '#cc4f12', full: '#7d4a9e', paths: '#3d7a2f' },
  dark: { probe: '#a3adba', layer: '#62aef0', scl: '#f58a4b', full: '#c79ae6', paths: '#8fc97f' },
}

/** CSS declarations of the methods' colours for a theme. */
export const methodColours = (theme: 'light' | 'dark'): string =>
  shownMethods.map(method => `--${method}:${themes[theme][method]};`).join('')
