// Whether a network fits: asked before anything of it is made.
import { totalmem } from 'node:os'
import * as E from 'fp-ts/Either'
import { bytesOf } from '../../src/core/aval.ts'
import { type Fault, fault } from '../../src/core/fault.ts'
import { type Network, parametersWhere } from '../../src/train/network.ts'
import type { Training } from '../../src/train/programs.ts'

const mendOf = ({ model: { name } }: Network): string =>
  name === 'mlp' ? 'lower --width or --depth' : 'take a smaller network'

/** Bytes for a person: MiB below one GiB. */
export const showBytes = (bytes: number): string =>
  bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : `${Math.ceil(bytes / 2 ** 20)} MiB`

/** Copies of the parameters that are alive at once at least: values, optimiser slots, and the host's own. */
const COPIES = 3

/** A fault where the parameters take more than `memory` bytes. */
export const fits = ({ network }: Training, memory: number = totalmem()): E.Either<Fault, void> => {
  const all = parametersWhere(network, () => true)
  const needed = COPIES * all.reduce((n, [, { aval }]) => n + bytesOf(aval), 0)
  return needed <= memory
    ? E.right(undefined)
    : E.left(
        fault(
          `needs ${showBytes(needed)} at least, and this machine has ${showBytes(memory)}`,
          `model ${network.model.name}`,
          mendOf(network),
        ),
      )
}
