// The words of a command line that repeats a run from its config.
import { DataSpec } from '../../src/codec/data-spec.ts'
import type { ProbeConfig } from '../../src/codec/probe-config.ts'
import type { TransferConfig } from '../../src/codec/transfer-config.ts'

const kebab = (key: string): string => key.replace(/[A-Z]/g, c => `-${c.toLowerCase()}`)

/** A flag with its value; nothing for one without. */
export const flag = (key: string, value: unknown): ReadonlyArray<string> =>
  value === null || value === undefined
    ? []
    : [`--${kebab(key)}`, Array.isArray(value) ? value.join(',') : String(value)]

type Config = TransferConfig | ProbeConfig

/** The network and the data. */
export const sourceWords = ({
  from,
  model,
  weights,
  data,
  size,
}: Config): ReadonlyArray<string> => [
  ...flag('from', from),
  ...flag('model', model),
  ...flag('weights', weights),
  ...flag('data', DataSpec.encode(data)),
  ...flag('size', size),
]

/** The preset, and what is set otherwise than it sets: `presets` are those of the command. */
export const recipeWords = (
  config: Config,
  presets: Readonly<Record<Config['preset'], Readonly<Record<string, unknown>>>>,
): ReadonlyArray<string> => {
  const { preset, testPerClass, seed } = config
  const usual = presets[preset]
  const own = Object.entries(config).filter(([key, value]) => key in usual && usual[key] !== value)
  return [
    ...flag('preset', preset),
    ...own.flatMap(([key, value]) => flag(key, value)),
    ...flag('testPerClass', testPerClass),
    ...(seed === 0 ? [] : flag('seed', seed)),
  ]
}
