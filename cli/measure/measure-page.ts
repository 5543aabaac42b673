// The page of `collapse measure --out`: what the flags chose, in words.
import { basename } from 'node:path'
import { showDataSpec } from '../../src/codec/data-spec.ts'
import type { MeasureReport } from '../../src/collapse/measure.ts'
import { deviceEntries } from '../../src/report/page-details.ts'
import { renderLayersPage } from '../../src/report/page-layers.ts'
import type { MeasureFlags } from '../measure.ts'
import type { Source } from '../network/source.ts'
import { commandLine } from '../save-report.ts'
import type { ModelMeasured, ModelQuestion } from './measure-model.ts'

const poolings: Readonly<Record<ModelQuestion['pool'], string>> = {
  avg: 'mean over places',
  cls: 'class token',
  tokens: 'mean of all tokens',
}

const flag = (name: string, value: string | number | undefined): ReadonlyArray<string> =>
  value === undefined ? [] : [name, String(value)]

const sourceWords = (source: Source): ReadonlyArray<string> =>
  source._tag === 'Run'
    ? ['--from', source.from]
    : ['--model', source.model, '--weights', source.weights]

const choices = ({ convention, rank, only, out }: MeasureFlags): ReadonlyArray<string> => [
  ...flag('--convention', convention === 'paper' ? undefined : convention),
  ...flag('--rank', rank),
  ...flag('--only', only),
  ...flag('--out', out),
]

const made = (began: number) => ({
  date: new Date().toISOString().slice(0, 10),
  seconds: (performance.now() - began) / 1000,
})

/** The page of a network's layers; `began` is when the command did. */
export const modelPage = (
  flags: MeasureFlags,
  { source, size, pool, layers: which }: ModelQuestion,
  { layers, engine, subject: { model, weights }, data, split }: ModelMeasured,
  began: number,
): Promise<string> =>
  renderLayersPage({
    subject: model,
    layers,
    settings: [
      ['network', model],
      ['weights', source._tag === 'Run' ? source.from : basename(weights)],
      ['data', showDataSpec(data)],
      ['split', split],
      ['pooling', poolings[pool]],
      ['convention', flags.convention],
    ],
    device: deviceEntries({ engine }),
    command: commandLine([
      ...['collapse', 'measure', ...sourceWords(source)],
      ...['--data', showDataSpec(data), ...flag('--split', flags.split)],
      ...flag('--size', size?.toString()),
      ...flag('--layers', which === 'all' ? undefined : which),
      ...flag('--pool', pool === 'avg' ? undefined : pool),
      ...choices(flags),
    ]),
    ...made(began),
  })

/** The page of features in a file. */
export const filePage = (
  flags: MeasureFlags & { readonly features: string },
  report: MeasureReport,
  began: number,
): Promise<string> => {
  const { features, labels, convention } = flags
  return renderLayersPage({
    subject: basename(features),
    layers: [{ layer: basename(features), unit: null, ...report }],
    settings: [
      ['features', basename(features)],
      ['labels', labels === undefined ? '' : basename(labels)],
      ['width', String(report.d)],
      ['convention', convention],
    ],
    device: [],
    command: commandLine([
      ...['collapse', 'measure', '--features', features],
      ...flag('--labels', labels),
      ...choices(flags),
    ]),
    ...made(began),
  })
}
