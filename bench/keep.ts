// What kept results of commands share: their settings without paths, and the file in bench/results.
import { join } from 'node:path'
import type { BenchResult, Figures } from './result.ts'

/** Last path segments stand for paths: where files lie is nobody's business. */
const bare = (text: string): string => text.replace(/[\w./~-]*\//g, '')

/** What a result of a command says of its data and network. */
interface Of {
  readonly data: { readonly train: number; readonly test: number; readonly classes: number }
  readonly network: { readonly input: ReadonlyArray<number> }
}

/** Settings that are numbers or words, and the sizes of what they were applied to. */
export const settingOf = (
  config: Readonly<Record<string, unknown>>,
  { data, network }: Of,
): Figures => {
  const scalars: Record<string, string | number> = {}
  for (const [key, value] of Object.entries(config)) {
    if (typeof value === 'number') scalars[key] = value
    if (typeof value === 'string') scalars[key] = bare(value)
  }
  return {
    ...scalars,
    'training images': data.train,
    'test images': data.test,
    classes: data.classes,
    pixels: network.input[0] ?? null,
  }
}

/** A share as percent with two decimals; null where there is none. */
export const percent = (share: number | null): number | null =>
  share === null ? null : Math.round(1e4 * share) / 100

/** A result with what only it has, such as curves. */
interface Kept extends Pick<BenchResult, 'bench' | 'rows'> {
  readonly [more: string]: unknown
}

/** Writes a result to bench/results, under the name of its bench. */
export const keep = async (result: Kept): Promise<void> => {
  const to = join(import.meta.dir, 'results', `${result.bench}.json`)
  await Bun.write(to, `${JSON.stringify(result, null, 1)}\n`)
  process.stdout.write(`${result.bench}: ${result.rows.length} rows\n`)
}
