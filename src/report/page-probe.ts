// The page of `collapse probe`: accuracy and nc1 along the layers, one against the other, and all figures.
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import * as RA from 'fp-ts/ReadonlyArray'
import type { ProbeResult, ProbeRow } from '../codec/probe-result.ts'
import { accuracyColour, nc1Colour, nc1Dash, probeChart, probeScatter } from './chart-probe.ts'
import { scatterChart, scatterCorrelations } from './chart-scatter.ts'
import { probeClaims } from './claims-layers.ts'
import { bytes, correlation, count, duration, missing, percent, significant } from './format.ts'
import { type Html, html } from './html.ts'
import { layersTable } from './layers-table.ts'
import { claimList } from './page-claims.ts'
import { figure, lineKey } from './page-figures.ts'
import { fact, factList, nc1Formula, pageText, paper } from './page-frame.ts'
import { lowest, type RunPage, runSection } from './page-run.ts'
import { agreementWords } from './probe-text.ts'
import type { Claim } from './verdict.ts'

const accuracyOf = ({ testAccuracy }: ProbeRow): number => testAccuracy ?? Number.NaN

const facts = ({ rows, agreement }: ProbeResult): Html => {
  const best = lowest(rows, row => -accuracyOf(row))
  const collapsed = lowest(rows, ({ nc1 }) => nc1 ?? Number.NaN)
  const last = rows.find(({ unit }) => unit === null)
  return factList([
    ...(best === undefined ? [] : [fact('Best', percent(accuracyOf(best)), `at ${best.layer}`)]),
    ...(last === undefined
      ? []
      : [fact("Classifier's input", percent(accuracyOf(last)), 'test accuracy')]),
    ...(collapsed === undefined
      ? []
      : [fact('Smallest nc1', significant(collapsed.nc1 ?? 0), `at ${collapsed.layer}`)]),
    fact('Spearman', correlation(agreement.spearman), 'nc1 and accuracy, over units'),
    fact('Pearson', correlation(agreement.pearson), 'the same, linear'),
  ])
}

const titleOf = ({ network }: ProbeResult): string => `Every layer of ${network.name}, probed`

const header = (result: ProbeResult, page: RunPage): Html => {
  const { data, rows, network, finished } = result
  const stopped = finished ? '' : ' The run was stopped on the way: the epochs that ended are here.'
  const failed = result.failed
    .map(({ layer, why }) => ` The classifier on ${layer} failed: ${why}.`)
    .join('')
  return html`<header>
<p class="kicker">collapse · ${page.date}</p>
<h1>${titleOf(result)}</h1>
<p class="lead">A frozen network of ${count(network.parameters)} parameters on ${count(data.train)} labelled images of ${count(data.classes)} classes: ${count(rows.length)} classifiers, one on every fine-tuning unit's output and one on the classifier's input, trained at once on the same batches and tested on ${count(data.test)} images.${stopped}${failed}</p>
<dl class="given">${page.settings.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
${facts(result)}
</header>`
}

const claimsOf = ({ rows }: ProbeResult): ReadonlyArray<Claim> => {
  const layerProbes = rows.flatMap(({ unit, layer, nc1, testAccuracy }) =>
    unit === null || nc1 === null || testAccuracy === null ? [] : [{ layer, nc1, testAccuracy }],
  )
  return pipe(
    probeClaims,
    RA.filterMap(({ judge, ...text }) =>
      pipe(
        judge({ layerProbes }),
        O.map(judgement => ({ ...text, ...judgement })),
      ),
    ),
  )
}

const linesSection = async (result: ProbeResult): Promise<Html> => html`<section>
<h2>Along the layers</h2>
<p>Accuracy of a classifier on each layer's output, and nc1 of that output on the training images. The paper expects the lines to mirror each other: accuracy rises where nc1 falls, whatever the depth.</p>
<div class="pair">${await figure(
  size => probeChart(result.rows, size),
  lineKey([
    { name: 'test accuracy', colour: accuracyColour },
    { name: 'nc1', colour: nc1Colour, dash: nc1Dash },
  ]),
  html`${agreementWords(result)} After the paper's Figures 7 and 8, left.`,
)}
${claimList(claimsOf(result), 'layers', 'column')}</div>
</section>`

const scatterSection = async (result: ProbeResult): Promise<ReadonlyArray<Html>> => {
  const scatter = probeScatter(result)
  if (scatter.points.length < 2) return []
  const { plain, log } = scatterCorrelations(scatter)
  return [
    html`<section>
<h2>One against the other</h2>
<p>Every fine-tuning unit by its number. The paper finds them near a straight line that falls.</p>
<div style="margin-top:28px">${await figure(
      size => scatterChart(scatter, size),
      html``,
      html`Pearson ${correlation(plain.r)} (${correlation(log.r)} against log nc1), Spearman ${correlation(plain.rho)}. Broken line: least squares. After the paper's Figure 8, right.`,
    )}</div>
</section>`,
  ]
}

const cells: ReadonlyArray<readonly [string, (row: ProbeRow) => string]> = [
  ['width', ({ width }) => count(width)],
  ['test accuracy', row => percent(accuracyOf(row), 2)],
  ['best epoch', ({ bestAccuracy }) => percent(bestAccuracy ?? Number.NaN, 2)],
  ['training accuracy', ({ trainAccuracy }) => percent(trainAccuracy, 1)],
  ['training loss', ({ epochs }) => significant(epochs.at(-1)?.loss ?? Number.NaN)],
  ['nc1', ({ nc1 }) => significant(nc1 ?? Number.NaN)],
  ['trained parameters', ({ headParameters }) => count(headParameters)],
]

const tableSection = ({ rows }: ProbeResult): Html => {
  const top = Math.max(...rows.map(row => row.testAccuracy ?? 0))
  const classOf = (title: string, row: ProbeRow): string =>
    title === 'test accuracy' && row.testAccuracy === top ? 'top' : ''
  return html`<section>
<h2>Every classifier</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Every classifier"><table>
<thead><tr><th class="name" scope="col">layer</th><th scope="col">unit</th>${cells.map(([title]) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${rows.map(
    row =>
      html`<tr><td class="name">${row.layer}</td><td>${row.unit ?? missing}</td>${cells.map(([title, cell]) => html`<td class="${classOf(title, row)}">${cell(row)}</td>`)}</tr>
`,
  )}</tbody></table></div>
<h2 style="margin-top:48px">Every metric of the layers</h2>
<p>On the training images; NC3 and NC4 with the new classifier; the most collapsed value in bold.</p>
${layersTable(rows.map(({ layer, unit, metrics }) => ({ layer, unit, ...metrics })))}
</section>`
}

const tookOf = (result: ProbeResult, page: RunPage): string =>
  `It took ${duration(page.seconds)} on ${page.date}, of which the steps of all classifiers ${duration(result.seconds)}: ${count(result.imagesPerSecond)} images a second, ${bytes(result.plannedBytes)} on the device.`

const terms = html`<section>
<h2>Terms</h2>
<p>${nc1Formula} A linear probe is a classifier on frozen features. A unit's output is averaged over its places, or, of a vision transformer, over its tokens.</p>
${paper}
</section>`

/** The whole page as one HTML file: pictures and styles are in it, no script, nothing to fetch. */
export const renderProbePage = async (result: ProbeResult, page: RunPage): Promise<string> =>
  pageText({
    title: titleOf(result),
    epochs: 0,
    body: [
      header(result, page),
      await linesSection(result),
      ...(await scatterSection(result)),
      tableSection(result),
      runSection(result, page, tookOf(result, page)),
      terms,
    ],
  })
