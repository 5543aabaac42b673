// The page of `collapse probe --out`: the settings in words, and the command that repeats the run.
import { recipePresets } from '../../src/codec/downstream-config.ts'
import type { ProbeConfig } from '../../src/codec/probe-config.ts'
import type { ProbeResult } from '../../src/codec/probe-result.ts'
import { renderProbePage } from '../../src/report/page-probe.ts'
import { commandLine } from '../save-report.ts'
import { flag, recipeWords, sourceWords } from '../transfer/command.ts'
import { settingsOf } from '../transfer/trial.ts'

/** The command line of a config: what its preset sets is left out. */
export const commandOf = (config: ProbeConfig): string =>
  commandLine([
    ...['collapse', 'probe', ...sourceWords(config)],
    ...flag('tokens', config.tokens === 'mean' ? null : config.tokens),
    ...recipeWords(config, recipePresets),
  ])

/** Draws the page of a result. */
export const drawPage = (result: ProbeResult, seconds: number): Promise<string> => {
  const { config, network } = result
  return renderProbePage(result, {
    date: new Date().toISOString().slice(0, 10),
    seconds,
    command: commandOf(config),
    settings: settingsOf(config, network.name),
  })
}
