// Several networks beside each other, by what a linear probe reaches on their features.
import type { Advice, NetworkAdvice } from '../../src/codec/advice.ts'
import { acrossWords } from '../../src/report/advise-words.ts'

const penultimate = ({ layers }: NetworkAdvice) => layers.find(({ unit }) => unit === null)

const probeOf = (network: NetworkAdvice) => penultimate(network)?.probe ?? null

/** Networks by the probe on their features; none for one alone. */
export const acrossOf = (networks: ReadonlyArray<NetworkAdvice>): Advice['across'] => {
  if (networks.length < 2) return null
  const sorted = [...networks].sort((a, b) => (probeOf(b)?.value ?? -1) - (probeOf(a)?.value ?? -1))
  const low = sorted[0] === undefined ? 0 : (probeOf(sorted[0])?.low ?? 0)
  const nc1 = (network: NetworkAdvice): number =>
    penultimate(network)?.nc1?.value ?? Number.POSITIVE_INFINITY
  const found = {
    order: sorted.map(({ model }) => model),
    tied: sorted.filter(network => (probeOf(network)?.high ?? 0) >= low).map(({ model }) => model),
    byNc1: [...networks].sort((a, b) => nc1(a) - nc1(b)).map(({ model }) => model),
  }
  return { ...found, said: acrossWords(found) }
}
