// What pages of transfers and of probes share: how to repeat the run, on what device and with which settings.
import { type Html, html } from './html.ts'
import { definitions, type Entry, flatten } from './page-details.ts'

/** What a page says besides the result: the day, the command that repeats it, and how long it took. */
export interface RunPage {
  readonly date: string
  readonly command: string
  readonly seconds: number
  /** The network's source and the data set, in words. */
  readonly settings: ReadonlyArray<Entry>
}

interface Ran {
  readonly device: Readonly<Record<string, string>>
  readonly config: Readonly<Record<string, unknown>>
}

/** The row in which a figure is least; none where it is finite in none. */
export const lowest = <A>(rows: ReadonlyArray<A>, of: (row: A) => number): A | undefined =>
  rows.toSorted((a, b) => of(a) - of(b)).find(row => Number.isFinite(of(row)))

/** The section that repeats a run; `took` says how long it took and what else there is to say of it. */
export const runSection = ({ device, config }: Ran, { command }: RunPage, took: string): Html =>
  html`<section>
<h2>The run</h2>
<div class="columns">
<div>
<div><h3>Repeat it</h3><pre>${command}</pre><p class="soft" style="margin-top:12px">${took}</p></div>
<div><h3>Device</h3>${definitions(Object.entries(device))}</div>
</div>
<div><div><h3>Configuration</h3>${definitions(
    flatten(config).filter(([name, value]) => value !== 'null' && !name.startsWith('data.')),
  )}</div></div>
</div>
</section>`
