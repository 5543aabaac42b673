// What results say of the device that made them.
import * as t from 'io-ts'
import type { Precision } from '../core/dispatch.ts'
import { oneOf, withDefault } from './field.ts'

/** Engine, adapter, driver, kernel family, and what products multiply in; f32 where a result says nothing of that. */
export const DeviceFacts = t.strict({
  engine: t.string,
  adapter: t.string,
  driver: t.string,
  family: t.string,
  precision: withDefault(oneOf<Precision>(['f32', 'f16']), 'f32'),
})
export type DeviceFacts = t.TypeOf<typeof DeviceFacts>

/** The facts alone, of all that is known of a device. */
export const deviceFacts = ({
  engine,
  adapter,
  driver,
  family,
  precision,
}: DeviceFacts): DeviceFacts => ({ engine, adapter, driver, family, precision })

/** The engine in words; runs on engines of other words give numbers that differ by rounding. */
export const showEngine = ({
  engine,
  precision,
}: Pick<DeviceFacts, 'engine' | 'precision'>): string =>
  precision === 'f16' ? `${engine} with f16 products` : engine
