// The config of `collapse probe`: every setting with its default, and the two presets.
import type * as t from 'io-ts'
import { closed } from './closed.ts'
import {
  downstreamConfig,
  presetSetting,
  recipeFields,
  recipePresets,
  recipeSettings,
  sourceFields,
  sourceSettings,
} from './downstream-config.ts'
import { oneOf, withDefault } from './field.ts'

/** The settings by themselves, without defaults, for flags too. `tokens` is for vision transformers. */
export const probeSettings = {
  ...sourceSettings,
  tokens: oneOf(['mean', 'class']),
  preset: presetSetting,
  ...recipeSettings,
} as const

const Fields = closed(
  {
    ...sourceFields,
    tokens: withDefault(probeSettings.tokens, 'mean'),
    preset: probeSettings.preset,
    ...recipeFields,
  },
  'a config of collapse probe',
)
export type ProbeConfig = t.TypeOf<typeof Fields>

/** A file that holds one config of `collapse probe`: its fields, their limits, and a preset for those left out. */
export const ProbeConfig = downstreamConfig(Fields, recipePresets)
