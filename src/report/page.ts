// The demo's page: pictures beside the paper's claims, all runs, and how to repeat them, in one HTML file.
import type { DemoResult, TransferRow } from '../experiments/demo-result.ts'
import { epochsChart } from './chart-collapse.ts'
import { layerScatter, methodScatter, scatterChart, scatterCorrelations } from './chart-scatter.ts'
import { judgeClaims, tally } from './claims.ts'
import { correlation, count, duration, percent, significant } from './format.ts'
import { type Html, html } from './html.ts'
import { methodName } from './names.ts'
import { claimList } from './page-claims.ts'
import { dataEntries, definitions, deviceEntries, flatten, transferTable } from './page-details.ts'
import { fact, factList, nc1Formula, pageText, paper } from './page-frame.ts'
import { epochKey, figure, methodKey, panels } from './page-figures.ts'
import type { Claim } from './verdict.ts'

/** What the page says besides the result. `seconds` is the whole run's time. */
export interface PageOptions {
  readonly date: string
  readonly command: string
  readonly seconds: number
  /** A sentence on what the images are, for the page's opening. */
  readonly subject?: string
}

const best = (rows: ReadonlyArray<TransferRow>): TransferRow | undefined =>
  [...rows].sort((a, b) => b.testAccuracy - a.testAccuracy)[0]

const facts = (result: DemoResult, claims: ReadonlyArray<Claim>): Html => {
  const last = result.source.at(-1)
  const probe = result.transfer.find(row => row.method === 'probe')
  const top = best(result.transfer)
  const { held, partly, 'not held': not } = tally(claims)
  return factList([
    ...(last === undefined
      ? []
      : [
          fact('Source task', percent(last.testAccuracy), 'test accuracy'),
          fact(
            'Collapse of its last layer',
            significant(last.nc1.at(-1) ?? Number.NaN),
            'nc1 on the training images',
          ),
        ]),
    ...(probe === undefined
      ? []
      : [fact('Downstream, linear probe', percent(probe.testAccuracy), 'test accuracy')]),
    ...(top === undefined
      ? []
      : [
          fact(
            'Downstream, best',
            percent(top.testAccuracy),
            [methodName[top.method], top.layer].filter(part => part !== null).join(', '),
          ),
        ]),
    fact(
      "The paper's claims",
      `${held} of ${claims.length}`,
      `held; ${partly} in part, ${not} not`,
    ),
  ])
}

const header = (result: DemoResult, claims: ReadonlyArray<Claim>, options: PageOptions): Html =>
  html`<header>
<p class="kicker">collapse · ${options.date}</p>
<h1>Neural collapse, from pre-training to transfer</h1>
<p class="lead">A network with ${result.layers.length} hidden layers learned a source task from ${count(result.sourceCounts.train)} images. It was then transferred to classes that it had not seen, with ${count(result.targetCounts.train)} labelled images, in the four ways of the paper, and its collapse was measured at every layer on the way. ${options.subject ?? ''}</p>
${facts(result, claims)}
</header>`

const sourceSection = async (result: DemoResult, claims: ReadonlyArray<Claim>): Promise<Html> =>
  html`<section>
<h2>Features collapse layer by layer</h2>
<p>During pre-training, nc1 of every hidden layer's output on the source training images. Smaller is more collapsed.</p>
<div class="pair">${await figure(
    size => epochsChart(result, size),
    epochKey(result),
    html`One line for each measured epoch; after the paper's Figure 2.`,
  )}
${claimList(claims, 'source', 'column')}</div>
</section>`

const fitNote = (scatter: ReturnType<typeof layerScatter>): Html => {
  const { plain, log } = scatterCorrelations(scatter)
  return html`Pearson ${correlation(plain.r)} (${correlation(log.r)} against log nc1), Spearman ${correlation(plain.rho)}. Broken line: least squares.`
}

const layersSection = async (result: DemoResult, claims: ReadonlyArray<Claim>): Promise<Html> =>
  html`<section>
<h2>The layers that transfer</h2>
<p>Before any tuning: a linear classifier on the output of each layer of the pre-trained network, and nc1 of that output on the downstream training images.</p>
<div class="pair">${await figure(
    size => scatterChart(layerScatter(result), size),
    html``,
    html`${fitNote(layerScatter(result))} After the paper's Figure 8.`,
  )}
${claimList(claims, 'layers', 'column')}</div>
</section>`

const tuningSection = async (result: DemoResult, claims: ReadonlyArray<Claim>): Promise<Html> =>
  html`<section>
<h2>What tuning one layer does to the rest</h2>
<p>nc1 on the downstream training images, on a log scale: at each hidden layer, then at the input of the classifier (in), where SCL FT has added the tuned layer's output. The tuned layer stands in a band. After the paper's Figure 10.</p>
<div style="margin-top:28px">${methodKey(
    result.transfer.map(row => row.method),
    'lines',
  )}</div>
${await panels(result)}
${claimList(claims, 'tuning', 'spread')}
</section>`

const tableSection = async (result: DemoResult, claims: ReadonlyArray<Claim>): Promise<Html> =>
  html`<section>
<h2>Collapse and accuracy, all ways of tuning</h2>
<p>Every run by the nc1 of its classifier's input and its accuracy on ${count(result.targetCounts.test)} test images. Numbers are the tuned layers, counted from the input.</p>
<div class="pair">${await figure(
    size => scatterChart(methodScatter(result), size),
    methodKey(
      result.transfer.map(row => row.method),
      'points',
    ),
    fitNote(methodScatter(result)),
  )}
${claimList(
  claims.filter(({ id }) => id === 'methods-correlation' || id === 'conjecture'),
  'table',
  'column',
)}</div>
${claimList(
  claims.filter(({ id }) => id !== 'methods-correlation' && id !== 'conjecture'),
  'table',
  'spread',
)}
${transferTable(result)}
</section>`

const runSection = (result: DemoResult, { command, seconds, date }: PageOptions): Html =>
  html`<section>
<h2>The run</h2>
<div class="columns">
<div>
<div><h3>Repeat it</h3><pre>${command}</pre><p class="soft" style="margin-top:12px">It took ${duration(seconds)} on ${date}. The same configuration and seed on the same device give the same figures.</p></div>
<div><h3>Device</h3>${definitions(deviceEntries(result))}</div>
<div><h3>Data and network</h3>${definitions(dataEntries(result))}</div>
</div>
<div><div><h3>Configuration</h3>${definitions(flatten(result.config))}</div></div>
</div>
</section>`

const footer = html`<section>
<h2>Terms</h2>
<p>${nc1Formula} Linear probe trains the classifier alone; Layer FT the classifier and one hidden layer; SCL FT adds that layer's output to the classifier's input; Full FT trains everything. A verdict compares one run on one small task with what the paper saw on others.</p>
${paper}
</section>`

/** The whole page as one HTML file: pictures and styles are in it, no script, nothing to fetch. */
export const renderDemoPage = async (result: DemoResult, options: PageOptions): Promise<string> => {
  const claims = judgeClaims(result)
  const sections = await Promise.all(
    [sourceSection, layersSection, tuningSection, tableSection].map(part => part(result, claims)),
  )
  return pageText({
    title: 'Neural collapse, from pre-training to transfer',
    epochs: result.source.length,
    body: [header(result, claims, options), ...sections, runSection(result, options), footer],
  })
}
