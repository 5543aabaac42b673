// The page of `collapse transfer`: accuracy against collapse, collapse along the network, bytes, and all figures.
import type { TransferResult, TransferRow } from '../codec/transfer-result.ts'
import { bytesChart, bytesHeight, byteKinds } from './chart-bytes.ts'
import { type Scatter, scatterChart, scatterCorrelations } from './chart-scatter.ts'
import { bytes, correlation, count, duration, percent, significant } from './format.ts'
import { type Html, html, raw } from './html.ts'
import { layersTable } from './layers-table.ts'
import { methodName, tunedName } from './names.ts'
import { figure, methodKey, panels } from './page-figures.ts'
import { fact, factList, nc1Formula, pageText, paper } from './page-frame.ts'
import { lowest, type RunPage, runSection } from './page-run.ts'
import { costTable, featureReports, qualityTable } from './page-transfer-tables.ts'
import { drawSvg } from './svg.ts'

const finite = (x: number | null): number => x ?? Number.NaN

const facts = ({ rows }: TransferResult): Html => {
  const best = lowest(rows, row => -row.testAccuracy)
  const collapsed = lowest(rows, row => finite(row.penultimateNc1))
  const probe = rows.find(({ method }) => method === 'probe')
  const full = rows.find(({ method }) => method === 'full')
  const accuracy = (title: string, row: TransferRow | undefined, note: string) =>
    row === undefined ? [] : [fact(title, percent(row.testAccuracy), note)]
  return factList([
    ...accuracy('Best', best, best === undefined ? '' : tunedName(best)),
    ...accuracy('Linear probe', probe, 'test accuracy'),
    ...accuracy('Full FT', full, 'test accuracy'),
    ...(collapsed === undefined
      ? []
      : [
          fact('Smallest nc1', significant(finite(collapsed.penultimateNc1)), tunedName(collapsed)),
        ]),
    ...(best?.againstFull === undefined || best.againstFull === null || best === full
      ? []
      : [
          fact(
            'Step of the best',
            bytes(best.bytes.total - best.bytes.data),
            `${significant(best.againstFull.bytes)}× those of full FT`,
          ),
        ]),
  ])
}

const titleOf = ({ network }: TransferResult): string => `Transferring ${network.name}`

const header = (result: TransferResult, page: RunPage): Html => {
  const { data, rows, network, finished } = result
  const stopped = finished ? '' : ' The run was stopped on the way: what had finished is here.'
  const failed = result.failed.map(one => ` ${tunedName(one)} failed: ${one.why}.`).join('')
  return html`<header>
<p class="kicker">collapse · ${page.date}</p>
<h1>${titleOf(result)}</h1>
<p class="lead">A pre-trained network of ${count(network.parameters)} parameters, transferred to ${count(data.classes)} classes with ${count(data.train)} labelled images in ${count(rows.length)} ways and tested on ${count(data.test)}. Every way begins at the same weights and sees the same batches.${stopped}${failed}</p>
<dl class="given">${page.settings.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
${facts(result)}
</header>`
}

const scatterOf = ({ rows }: TransferResult): Scatter => ({
  points: rows.map(({ method, unit, penultimateNc1, testAccuracy }) => ({
    method,
    label: unit === null ? methodName[method] : String(unit),
    nc1: finite(penultimateNc1),
    accuracy: testAccuracy,
  })),
  kind: 'log',
  x: 'penultimate nc1, log scale',
  y: 'test accuracy',
})

const fitNote = (scatter: Scatter): Html => {
  const { plain, log } = scatterCorrelations(scatter)
  return html`Pearson ${correlation(plain.r)} (${correlation(log.r)} against log nc1), Spearman ${correlation(plain.rho)}. Broken line: least squares. Numbers are the tuned units. After the paper's Figure 6.`
}

const methodsOf = ({ rows }: TransferResult) => rows.map(({ method }) => method)

const accuracySection = async (result: TransferResult): Promise<Html> => {
  const scatter = scatterOf(result)
  return html`<section>
<h2>Accuracy against collapse</h2>
<p>Every way by the nc1 of what its classifier sees on the training images, and its accuracy on the test images. The paper expects more accuracy where features are more collapsed, from probe over Layer FT to SCL FT.</p>
<div style="margin-top:28px">${await figure(
    size => scatterChart(scatter, size),
    methodKey(methodsOf(result), 'points'),
    fitNote(scatter),
  )}</div>
${qualityTable(result)}
</section>`
}

const layersSection = async (result: TransferResult): Promise<Html> => html`<section>
<h2>Collapse along the network</h2>
<p>nc1 on the training images at every fine-tuning unit of the encoder itself, then at the input of the classifier (in), where SCL FT has added the tuned unit's output. The tuned unit stands in a band. After the paper's Figure 10.</p>
<div style="margin-top:28px">${methodKey(methodsOf(result), 'lines')}</div>
${await panels({
  layers: result.units,
  transfer: result.rows.map(({ nc1, penultimateNc1, ...row }) => ({
    ...row,
    nc1: nc1.map(finite),
    penultimateNc1: finite(penultimateNc1),
  })),
})}
</section>`

const bytesKey = html`<ul class="key">${byteKinds.map(
  ({ name, colour }) =>
    html`<li><span class="swatch" style="background:${colour};height:10px"></span>${name}</li>`,
)}</ul>`

const costSection = async (result: TransferResult): Promise<Html> => {
  const { rows } = result
  const height = bytesHeight(rows.length)
  const draw = (width: number) => drawSvg(bytesChart(rows, { width, height }))
  const [wide, narrow] = await Promise.all([draw(900), draw(350)])
  return html`<section>
<h2>What it costs</h2>
<p>Bytes planned on the device for one training step, the images or cached outputs that it reads included. Time is of training steps alone.</p>
<figure style="margin-top:28px">${bytesKey}<div class="wide">${raw(wide)}</div><div class="narrow">${raw(narrow)}</div></figure>
${costTable(result)}
</section>`
}

const metricsSection = (result: TransferResult): Html => html`<section>
<h2>Every metric of the classifier's input</h2>
<p>On the training images after tuning; the most collapsed value in bold. With SCL FT first of the sum that the classifier sees, then of the encoder's own features.</p>
${layersTable(featureReports(result))}
</section>`

const proofOf = ({ rows }: TransferResult): string => {
  const frozen = rows.filter(row => row.frozen.arrays > 0)
  const least = Math.min(...frozen.map(row => row.frozen.arrays))
  return frozen.length === 0
    ? ''
    : `In ${count(frozen.length)} of ${count(rows.length)} ways ${count(least)} arrays or more were frozen; each was found bit-identical at the end.`
}

const tookOf = (result: TransferResult, page: RunPage): string =>
  `It took ${duration(page.seconds)} on ${page.date}. ${proofOf(result)}`

const terms = html`<section>
<h2>Terms</h2>
<p>${nc1Formula} Linear probe trains the classifier alone; Layer FT the classifier and one unit; SCL FT adds that unit's output to the classifier's input; Full FT trains everything.</p>
${paper}
</section>`

/** The whole page as one HTML file: pictures and styles are in it, no script, nothing to fetch. */
export const renderTransferPage = async (result: TransferResult, page: RunPage): Promise<string> =>
  pageText({
    title: titleOf(result),
    epochs: 0,
    body: [
      header(result, page),
      await accuracySection(result),
      await layersSection(result),
      await costSection(result),
      metricsSection(result),
      runSection(result, page, tookOf(result, page)),
      terms,
    ],
  })
