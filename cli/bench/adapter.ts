// Where a benchmark is asked to run and what it is asked to record, and the refusal of what it cannot do.
import * as E from 'fp-ts/Either'
import { type Fault, fault } from '../../src/core/fault.ts'
import type { Common } from '../flags.ts'
import type { BENCHES } from '../bench.ts'
import type { EngineInfo } from '../../src/device/engine.ts'

/** The benchmarks that run on the host's processor alone. */
const onHost: ReadonlyArray<string> = ['measure']

/** Those that have no programs on an adapter, or open it many times over to compare. */
const unprofiled: ReadonlyArray<string> = [...onHost, 'tune']

/** Is `asked` part of the adapter's vendor, name or driver, whatever the case of its letters? */
export const isAdapter = (
  { vendor, adapter, driver }: Pick<EngineInfo, 'vendor' | 'adapter' | 'driver'>,
  asked: string,
): boolean => [vendor, adapter, driver].some(t => t.toLowerCase().includes(asked.toLowerCase()))

/** `Left` names what was found where that is not what was asked for. */
export const checkAdapter = (info: EngineInfo, asked: string): E.Either<Fault, void> =>
  isAdapter(info, asked)
    ? E.right(undefined)
    : E.left(
        fault(
          `this machine has ${info.adapter} (vendor ${info.vendor}, driver ${info.driver})`,
          `--adapter ${asked}`,
          'name a part of that, or run where the other adapter is',
        ),
      )

/** What a benchmark is asked for that not every one has. */
export type Asked = Pick<Common, 'device' | 'profile'> & { readonly adapter?: string | undefined }

/** `Left` where a benchmark does not run as asked: on an adapter it does not use, on the cpu engine, with a profile. */
export const checkBench = (
  name: (typeof BENCHES)[number],
  { adapter, device, profile }: Asked,
): E.Either<Fault, void> => {
  const refuse = (what: string, flag: string) =>
    E.left(fault(`bench ${name} ${what}`, flag, 'leave the flag out'))
  const isOnHost = onHost.includes(name)
  if (isOnHost && adapter !== undefined)
    return refuse('runs on the processor', `--adapter ${adapter}`)
  if (!isOnHost && device === 'cpu') return refuse('runs on WebGPU', '--device cpu')
  if (profile !== undefined && unprofiled.includes(name))
    return refuse('has no profile', '--profile')
  return E.right(undefined)
}
