// Loaded before every test file: property tests draw the same cases each time, so that a run says
// something of the change and not of the draw. `COLLAPSE_TEST_SEED=N` draws others, `=random` new
// ones each time; `COLLAPSE_TEST_RUNS=N` as many per property (where it does not say itself).
import fc from 'fast-check'

const { COLLAPSE_TEST_SEED: seed = '1', COLLAPSE_TEST_RUNS: runs = '100' } = process.env

fc.configureGlobal({
  ...(seed === 'random' ? {} : { seed: Number(seed) }),
  numRuns: Number(runs),
})
