// The page of `collapse transfer --out`: the settings in words, and the command that repeats the run.
import { presets, type TransferConfig } from '../../src/codec/transfer-config.ts'
import type { TransferResult } from '../../src/codec/transfer-result.ts'
import { renderTransferPage } from '../../src/report/page-transfer.ts'
import { commandLine } from '../save-report.ts'
import { flag, recipeWords, sourceWords } from './command.ts'
import { settingsOf } from './trial.ts'

/** The command line of a config: what its preset sets is left out. */
export const commandOf = (config: TransferConfig): string => {
  const { method, block, train, exclude, augment, recompute } = config
  return commandLine([
    ...['collapse', 'transfer', ...sourceWords(config)],
    ...(method.length === 0 ? [] : flag('method', method)),
    ...flag('block', block),
    ...flag('train', train),
    ...flag('exclude', exclude),
    ...flag('augment', augment === 'none' ? null : augment),
    ...flag('recompute', recompute === 'none' ? null : recompute),
    ...recipeWords(config, presets),
  ])
}

/** Draws the page of a result. */
export const drawPage = (result: TransferResult, seconds: number): Promise<string> => {
  const { config, network } = result
  return renderTransferPage(result, {
    date: new Date().toISOString().slice(0, 10),
    seconds,
    command: commandOf(config),
    settings: [...settingsOf(config, network.name), ['batch norm', config.bn]],
  })
}
