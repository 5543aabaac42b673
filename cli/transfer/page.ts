// The page of `collapse transfer --out`: the settings in words, and the command that repeats the run.
import { basename } from 'node:path'
import { DataSpec, showDataSpec } from '../../src/codec/data-spec.ts'
import { presets, type TransferConfig } from '../../src/codec/transfer-config.ts'
import type { TransferResult } from '../../src/codec/transfer-result.ts'
import { renderTransferPage } from '../../src/report/page-transfer.ts'
import { commandLine } from '../save-report.ts'

const kebab = (key: string): string => key.replace(/[A-Z]/g, c => `-${c.toLowerCase()}`)

const flag = (key: string, value: unknown): ReadonlyArray<string> =>
  value === null || value === undefined
    ? []
    : [`--${kebab(key)}`, Array.isArray(value) ? value.join(',') : String(value)]

/** The command line of a config: what its preset sets is left out. */
export const commandOf = (config: TransferConfig): string => {
  const { from, model, weights, data, size, method, block, train, exclude, preset } = config
  const { version: _, seed, ...rest } = config
  const byDefault = presets[preset]
  const own = Object.entries(rest).filter(
    ([key, value]) => key in byDefault && byDefault[key] !== value,
  )
  return commandLine([
    ...['collapse', 'transfer'],
    ...flag('from', from),
    ...flag('model', model),
    ...flag('weights', weights),
    ...flag('data', DataSpec.encode(data)),
    ...flag('size', size),
    ...(method.length === 0 ? [] : flag('method', method)),
    ...flag('block', block),
    ...flag('train', train),
    ...flag('exclude', exclude),
    ...flag('preset', preset),
    ...own.flatMap(([key, value]) => flag(key, value)),
    ...(seed === 0 ? [] : flag('seed', seed)),
  ])
}

/** Draws the page of a result. */
export const drawPage = (result: TransferResult, seconds: number): Promise<string> => {
  const { config, network } = result
  const { from, weights, data, preset, bn } = config
  return renderTransferPage(result, {
    date: new Date().toISOString().slice(0, 10),
    seconds,
    command: commandOf(config),
    settings: [
      ['network', network.name],
      ['from', from ?? basename(weights ?? '')],
      ['data', showDataSpec(data)],
      ['preset', preset],
      ['batch norm', bn],
    ],
  })
}
