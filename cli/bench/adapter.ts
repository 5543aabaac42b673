// The adapter that a benchmark is asked to run on, and the refusal of any other.
import * as E from 'fp-ts/Either'
import { type Fault, fault } from '../../src/core/fault.ts'
import type { EngineInfo } from '../../src/device/engine.ts'

/** The benchmarks that run on the host's processor alone. */
const onHost: ReadonlyArray<string> = ['measure']

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

/** `Left` for a benchmark that uses no adapter. */
export const checkBench = (name: string, asked: string): E.Either<Fault, void> =>
  onHost.includes(name)
    ? E.left(
        fault(`bench ${name} runs on the processor`, `--adapter ${asked}`, 'leave the flag out'),
      )
    : E.right(undefined)
