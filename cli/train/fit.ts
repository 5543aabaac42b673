// Whether a network fits: asked before anything of it is made.
import { totalmem } from 'node:os'
import * as E from 'fp-ts/Either'
import { bytesOf, showAval } from '../../src/core/aval.ts'
import { type Fault, fault } from '../../src/core/fault.ts'
import type { Engine } from '../../src/device/engine.ts'
import { type Network, parametersWhere } from '../../src/train/network.ts'
import type { Training } from '../../src/train/programs.ts'

const mendOf = ({ model: { name } }: Network): string =>
  name === 'mlp' ? 'lower --width or --depth' : 'take a smaller network'

/** Bytes for a person: MiB below one GiB. */
export const showBytes = (bytes: number): string =>
  bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : `${Math.ceil(bytes / 2 ** 20)} MiB`

/** Copies of the parameters that are alive at once at least: values, optimiser slots, and the host's own. */
const COPIES = 3

/** A fault where a parameter is more than the engine can bind, or all of them more than `memory` bytes. */
export const fits = (
  { target, info }: Pick<Engine, 'target' | 'info'>,
  { network }: Training,
  memory: number = totalmem(),
): E.Either<Fault, void> => {
  const mend = mendOf(network)
  const limit = Math.min(target.limits.maxBindingBytes, target.limits.maxBufferBytes)
  const all = parametersWhere(network, () => true).map(([path, { aval }]) => ({ path, aval }))
  const large = all.find(({ aval }) => bytesOf(aval) > limit)
  if (large !== undefined) {
    const what = `${showAval(large.aval)} takes ${showBytes(bytesOf(large.aval))}, more than the ${showBytes(limit)} that the engine can bind`
    return E.left(
      fault(
        what,
        `parameter ${large.path}`,
        info.engine === 'cpu' ? mend : `${mend}, or use --device cpu`,
      ),
    )
  }
  const needed = COPIES * all.reduce((n, { aval }) => n + bytesOf(aval), 0)
  return needed <= memory
    ? E.right(undefined)
    : E.left(
        fault(
          `needs ${showBytes(needed)} at least, and this machine has ${showBytes(memory)}`,
          `model ${network.model.name}`,
          mend,
        ),
      )
}
