// The page of `collapse advise`: the advice in sentences, the scores along the layers, what tuning costs, in one HTML file.
import type { Advice, NetworkAdvice } from '../codec/advice.ts'
import { showDataSpec } from '../codec/data-spec.ts'
import { adviceTable } from './advise-table.ts'
import { accuracyChart, costChart, isDrawn, nc1AdviceChart, scoreChart } from './chart-advise.ts'
import { bytes, count, duration, significant } from './format.ts'
import { type Html, html, raw } from './html.ts'
import { definitions } from './page-details.ts'
import { figure, lineKey } from './page-figures.ts'
import { fact, factList, nc1Formula, pageText, paper } from './page-frame.ts'
import { baselineColour, methodColour, metricColour } from './palette.ts'
import { drawSvg } from './svg.ts'

/** When the page was made, how long the command took, and the command itself. */
export interface Made {
  readonly date: string
  readonly seconds: number
  readonly command: string
}

const facts = (network: NetworkAdvice): Html => {
  const best = network.layers.find(({ unit }) => unit !== null && unit === network.order[0])
  return factList(
    best === undefined
      ? []
      : [
          fact('Tune first', best.layer, `unit ${best.unit ?? ''}`),
          fact('nc1 there', significant(best.nc1?.value ?? Number.NaN), ''),
          fact('Trains', count(best.cost.parameters), `${significant(best.cost.percent)}% of all`),
          fact('Memory', bytes(best.cost.bytes), 'planned'),
          fact('An epoch', duration(best.cost.secondsPerEpoch), 'about'),
        ],
  )
}

const sentences = ([first = '', ...more]: ReadonlyArray<string>): Html =>
  html`<ul class="claims">
<li><p class="said">${first}</p>${more.map(one => html`<p class="seen">${one}</p>\n`)}</li></ul>`

const small = { width: 260, height: 200 }

const panel = async (network: NetworkAdvice, score: 'logme' | 'hScore'): Promise<Html> => {
  const titles = { logme: 'evidence of a linear model', hScore: 'between over all variance' }
  const svg = await drawSvg(scoreChart(network.layers, score, small))
  return html`<figure><h3>${score === 'logme' ? 'LogME' : 'H-score'}<span class="soft">${titles[score]}</span></h3>${raw(svg)}</figure>`
}

const costNames = {
  parameters: ['Parameters', 'that train'],
  secondsPerEpoch: ['Time', 'seconds an epoch, about'],
} as const

const costPanel = async (
  network: NetworkAdvice,
  of: 'parameters' | 'secondsPerEpoch',
): Promise<Html> => {
  const [name, unit] = costNames[of]
  const svg = await drawSvg(costChart(network.layers, of, small))
  return html`<figure><h3>${name}<span class="soft">${unit}</span></h3>${raw(svg)}</figure>`
}

const nc1Figure = ({ layers }: NetworkAdvice): Promise<Html> =>
  figure(
    size => nc1AdviceChart(layers, size),
    lineKey([
      { name: 'nc1', colour: metricColour },
      { name: '95 % interval', colour: metricColour, dash: '5 3' },
      { name: 'labels shuffled', colour: baselineColour, dash: '5 3' },
    ]),
    html`The smaller, the more collapsed. Intervals are from groups of images left out in turn. The grey line is nc1 of the same features with shuffled labels.`,
  )

const accuracyFigure = ({ layers }: NetworkAdvice): Promise<Html> =>
  figure(
    size => accuracyChart(layers, size),
    lineKey([
      { name: 'linear probe', colour: methodColour('probe') },
      { name: 'nearest class mean', colour: methodColour('scl') },
      ...(layers.some(({ reached }) => reached !== null)
        ? [{ name: 'after tuning the unit', colour: methodColour('full') }]
        : []),
    ]),
    html`Accuracies on images held out of the sample${layers.some(({ reached }) => reached !== null) ? html`; after tuning, on the test split` : ''}.`,
  )

const networkSection = async (network: NetworkAdvice): Promise<Html> => {
  const { layers, leep } = network
  const drawn = await Promise.all(
    (['logme', 'hScore'] as const)
      .filter(score => isDrawn(layers.map(layer => layer[score])))
      .map(score => panel(network, score)),
  )
  const costs = await Promise.all(
    (['parameters', 'secondsPerEpoch'] as const).map(of => costPanel(network, of)),
  )
  return html`<section>
<h2>${network.model}</h2>
<p>${count(network.parameters)} parameters, images of ${network.input.join(' × ')}${leep === null ? '' : `; LEEP of its own classifier ${significant(leep)}`}.</p>
${facts(network)}
<div class="pair">${isDrawn(layers.map(({ nc1 }) => nc1?.value ?? null)) ? await nc1Figure(network) : html`<p>nc1 is not defined on this data.</p>`}
${sentences(network.said)}</div>
${isDrawn(layers.map(({ probe }) => probe?.value ?? null)) ? await accuracyFigure(network) : []}
<div class="panels metrics">${[...drawn, ...costs]}</div>
${adviceTable(network)}
</section>`
}

const acrossSection = ({ across }: Advice): ReadonlyArray<Html> =>
  across === null
    ? []
    : [
        html`<section>
<h2>Which network</h2>
<p>${across.order.join(', ')}: in this order, by what a linear probe reaches on the input of their classifiers.</p>
${sentences(across.said)}
</section>`,
      ]

const header = (advice: Advice, { date }: Made, title: string): Html => {
  const { images, data, budget, batch, verify } = advice
  const given: ReadonlyArray<readonly [string, string]> = [
    ['data', showDataSpec(data)],
    ['images', `${count(images.used)} of ${count(images.of)}`],
    ['classes', count(images.classes)],
    [
      'budget',
      budget === null ? '' : `${budget.of}${budget.limit === null ? '' : ` ${budget.limit}`}`,
    ],
    ['images a step', count(batch)],
    ['verified', verify === null ? '' : `${verify.epochs} epochs a unit`],
  ]
  return html`<header>
<p class="kicker">collapse · ${date}</p>
<h1>${title}</h1>
<p class="lead">Every fine-tuning unit scored from one pass over the images${verify === null ? ', without tuning' : ', then tuned'}.</p>
<dl class="given">${given
    .filter(([, value]) => value !== '')
    .map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</header>`
}

const terms = html`<section>
<h2>Terms</h2>
<p>${nc1Formula} LogME is the evidence of a linear model on the features, H-score the share of their variance that is between classes, LEEP what the network's own classes say of the new ones; of all three more is better.</p>
${paper}
</section>`

const run = ({ device }: Advice, { command, seconds, date }: Made): Html => html`<section>
<h2>The run</h2>
<div class="columns">
<div><div><h3>Repeat it</h3><pre>${command}</pre><p class="soft" style="margin-top:12px">It took ${duration(seconds)} on ${date}.</p></div></div>
<div><div><h3>Device</h3>${definitions([
  ['engine', device.engine],
  ['adapter', device.adapter],
  ['driver', device.driver],
  ['kernels', device.family],
  ['precision', device.precision],
])}</div></div>
</div>
</section>`

/** The whole page as one HTML file: pictures and styles are in it, no script, nothing to fetch. */
export const renderAdvicePage = async (advice: Advice, made: Made): Promise<string> => {
  const title = `What to tune first for ${showDataSpec(advice.data)}`
  return pageText({
    title,
    epochs: 0,
    body: [
      header(advice, made, title),
      ...acrossSection(advice),
      ...(await Promise.all(advice.networks.map(networkSection))),
      run(advice, made),
      terms,
    ],
  })
}
