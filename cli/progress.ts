// Progress on stderr: a bar on a terminal, a line every few seconds elsewhere, nothing where it is to be quiet.
import type { SingleBar } from 'cli-progress'
import { createRequire } from 'node:module'

/** Where progress and logs go. */
export interface Screen {
  readonly write: (text: string) => void

  /** Seconds on any steady clock. */
  readonly now: () => number
}

/** A piece of work under way. `note` is shown at the end of the line, such as a loss. */
export interface Tracked {
  readonly update: (done: number, note?: string) => void
  readonly stop: () => void
}

/** Shows pieces of work, one at a time, and writes log lines between. */
export interface Progress {
  /** Work of `total` steps, of which `from` were done before. */
  readonly start: (label: string, total: number, from?: number) => Tracked
  readonly log: (line: string) => void
}

/** `9 s`, `1 min 05 s` or `2 h 03 min`. */
export const showSeconds = (seconds: number): string => {
  const s = Math.max(0, Math.round(seconds))
  const two = (n: number): string => String(n).padStart(2, '0')
  if (s < 60) return `${s} s`
  return s < 3600
    ? `${Math.floor(s / 60)} min ${two(s % 60)} s`
    : `${Math.floor(s / 3600)} h ${two(Math.floor((s % 3600) / 60))} min`
}

/** Steps a second and the time left, `43/s, 8 s left`; empty before anything is known. */
export const showPace = (steps: number, seconds: number, left: number): string => {
  if (steps <= 0 || seconds <= 0) return ''
  const rate = steps / seconds
  const shown = rate >= 10 ? rate.toFixed(0) : rate >= 1 ? rate.toFixed(1) : rate.toPrecision(2)
  return `${shown}/s, ${showSeconds(left / rate)} left`
}

/** No progress, no logs. */
export const silent: Progress = {
  start: () => ({ update: () => undefined, stop: () => undefined }),
  log: () => undefined,
}

const LINE_SECONDS = 5

const joined = (...parts: ReadonlyArray<string>): string => parts.filter(p => p !== '').join(', ')

/** Lines for logs and pipes: the first after five seconds, then one every five. */
export const plainProgress = ({ write, now }: Screen): Progress => ({
  start: (label, total, from = 0) => {
    const began = now()
    let last = began
    return {
      update: (done, note = '') => {
        const time = now()
        if (time - last < LINE_SECONDS) return
        last = time
        const pace = showPace(done - from, time - began, total - done)
        const percent = Math.floor((100 * done) / Math.max(1, total))
        write(`${joined(`${label}: ${done}/${total} (${percent} %)`, pace, note)}\n`)
      },
      stop: () => undefined,
    }
  },
  log: line => write(`${line}\n`),
})

const FRAMES = 10

const FORMAT = '{label} {bar} {percentage} % | {value}/{total} {end}'

/** cli-progress is loaded when the first bar is drawn, since most commands draw none. */
const makeBar = (stream: NodeJS.WritableStream): SingleBar => {
  const { SingleBar: Bar, Presets } = createRequire(import.meta.url)('cli-progress')
  return new Bar(
    { format: FORMAT, stream, fps: FRAMES, hideCursor: true, barsize: 24, clearOnComplete: true },
    Presets.shades_classic,
  )
}

/** Goes to the start of the bar's line and clears it. */
const CLEAR = '\r\u001b[2K'

/** Keeps the cursor's place: cli-progress goes back there when the bar stops, and it must be the bar's own line. */
const KEEP_PLACE = '\u001b7'

/** A bar with rate and time left; log lines are written above it. */
export const barProgress = (screen: Screen, stream: NodeJS.WritableStream): Progress => {
  let open = false
  return {
    start: (label, total, from = 0) => {
      const began = screen.now()
      const bar = makeBar(stream)
      bar.start(total, from, { label, end: '' })
      open = true
      return {
        update: (done, note = '') => {
          const pace = showPace(done - from, screen.now() - began, total - done)
          bar.update(done, { end: joined(pace, note) })
        },
        stop: () => {
          if (open) bar.stop()
          open = false
        },
      }
    },
    log: line => screen.write(open ? `${CLEAR}${line}\n${KEEP_PLACE}` : `${line}\n`),
  }
}
