// What a test file says about itself: marks in its first lines, uvu's totals in its output.

/** Tests of one process that passed, failed and were skipped. */
export interface Totals {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** How a test file wants to be run: its limit in seconds, and whether nothing may run beside it. */
export interface Marks {
  readonly timeout: number
  readonly serial: boolean
}

/** Reads `// timeout: SECONDS` and `// serial` from the first five lines of a test file. */
export const readMarks = (source: string, timeout: number): Marks => {
  const head = source.split('\n').slice(0, 5)
  const limit = head.map(line => /^\/\/ timeout: (\d+)$/.exec(line)?.[1]).find(Boolean)
  return {
    timeout: limit === undefined ? timeout : Number(limit),
    serial: head.includes('// serial'),
  }
}

/** Text without the colour codes of terminals. */
export const plain = (output: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes start with this one
  output.replace(/\x1b\[[0-9;]*m/g, '')

const sum = (output: string, label: string): number =>
  [...output.matchAll(new RegExp(`^ {2}${label}: +(\\d+)$`, 'gm'))].reduce(
    (total, match) => total + Number(match[1]),
    0,
  )

/**
 * Adds up uvu's totals in a process' output. A process that ends badly without a failed test, or
 * that reports no test at all, counts as one failure.
 */
export const readTotals = (output: string, exit: number): Totals => {
  const text = plain(output)
  const passed = sum(text, 'Passed')
  const failed = sum(text, 'Total') - passed
  const skipped = sum(text, 'Skipped')
  const broken = failed === 0 && (exit !== 0 || passed + skipped === 0)
  return { passed, failed: broken ? 1 : failed, skipped }
}
