// What a training step holds on the device, by kind: weights, gradients, optimiser state, activations, data.
import type { Program } from '../core/trace.ts'
import { fuse } from '../plan/fuse.ts'
import { arrayIntervals, sized } from '../plan/lifetimes.ts'
import { liveBytes } from '../plan/place.ts'
import { totalBytes } from '../plan/plan.ts'
import type { PlanBytes } from '../plan/types.ts'
import { arraysWhere, storedName } from '../train/network.ts'
import type { Training } from '../train/programs.ts'
import { slotName } from '../train/programs.ts'

/**
 * Bytes planned for a step. `weights` are parameters and running moments, frozen ones too; `gradients` the most of
 * parameters' gradients that is alive at once, of those that are not spent where they are computed; `activations` all else that the step computes and keeps; `data` the
 * samples or cached outputs with the batch; `scratch` textures, uniforms and what is read back. `total` is their sum.
 */
export interface TrainingBytes {
  readonly weights: number
  readonly gradients: number
  readonly optimizer: number
  readonly activations: number
  readonly data: number
  readonly scratch: number
  readonly total: number
}

/** The op whose second operand is a parameter's gradient. */
const UPDATE = 'sgd'

/** The most bytes of gradients that are alive at once; those that update their parameter where they are computed are none. */
const gradientBytes = (program: Program): number => {
  const { instructions } = program
  const gradients = new Set(
    instructions
      .filter(({ primitive }) => primitive.name === UPDATE)
      .flatMap(({ ins: [, gradient] }) => (gradient === undefined ? [] : [`${gradient}`])),
  )
  const intervals = arrayIntervals(program, instructions, id => id)
  return liveBytes(intervals.filter(({ key }) => gradients.has(key)))
}

/** The bytes of a training program by kind, `planned` being those of its plan. */
export const trainingBytes = (
  { network, optimizer }: Training,
  program: Program,
  planned: PlanBytes,
): TrainingBytes => {
  const paths = arraysWhere(network, () => true).map(([path]) => path)
  const weightNames = new Set(paths.map(path => storedName(network, path)))
  const slotNames = new Set(
    paths.flatMap(path => optimizer.slots.map(slot => slotName(network, slot, path))),
  )
  const argumentBytes = (is: (name: string) => boolean): number =>
    program.args.filter(({ name }) => is(name)).reduce((n, { id }) => n + sized(program, id), 0)
  const weights = argumentBytes(name => weightNames.has(name))
  const optimizerBytes = argumentBytes(name => slotNames.has(name))
  const gradients = Math.min(gradientBytes(fuse(program)), planned.arenas)
  return {
    weights,
    gradients,
    optimizer: optimizerBytes,
    activations: planned.arenas - gradients,
    data: planned.arguments - weights - optimizerBytes,
    scratch: planned.textures + planned.uniforms + planned.readback,
    total: totalBytes(planned),
  }
}
