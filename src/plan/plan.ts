// The planner: program -> fuse -> in place -> schedule -> lower -> place -> plan.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as RA from 'fp-ts/ReadonlyArray'
import { bytesOf } from '../core/aval.ts'
import type { Target } from '../core/dispatch.ts'
import type { Fault } from '../core/fault.ts'
import type { Program } from '../core/trace.ts'
import { fuse } from './fuse.ts'
import { inPlace, type Moves } from './in-place.ts'
import {
  arrayIntervals,
  avalOf,
  scratchIntervals,
  sized,
  storageRoots,
  textureSizes,
} from './lifetimes.ts'
import { checkStep, placeOf, resolve } from './operands.ts'
import { boundBytes, liveBytes, type Placement, place } from './place.ts'
import { schedule } from './schedule.ts'
import type { Lowered, Place, Plan, PlanBytes, Step } from './types.ts'
import { packUniforms, type Uniforms } from './uniforms.ts'

const sum = (ns: ReadonlyArray<number>): number => ns.reduce((a, b) => a + b, 0)

const textureBytes = (textures: Plan['textures']): number =>
  sum(textures.map(t => 16 * t.width * t.height))

/** All the bytes that a device holds while it runs the plan, its arguments included. */
export const totalBytes = (bytes: PlanBytes): number =>
  bytes.arguments + bytes.arenas + bytes.textures + bytes.uniforms + bytes.readback

/** Everything decided about a program before its plan is written down. */
interface Layout {
  readonly program: Program
  readonly lowered: ReadonlyArray<Lowered>
  readonly placement: Placement
  readonly live: number
  readonly arrayPlace: (id: number) => Place
}

const layout = (moves: Moves, target: Target, source: Program): Layout => {
  const legal = inPlace(fuse(source), moves)
  const { program } = legal
  const order = schedule(legal)
  const lowered = order.map(instruction => ({
    instruction,
    dispatches: instruction.primitive.lower(target),
  }))
  const root = storageRoots(order)
  const intervals = [...arrayIntervals(program, order, root), ...scratchIntervals(lowered)]
  const placement = place(intervals, target.limits.maxBufferBytes)
  const arrayPlace = placeOf(program, root, placement)
  return { program, lowered, placement, live: liveBytes(intervals), arrayPlace }
}

const stepsOf = (
  { lowered, placement, arrayPlace }: Layout,
  at: Uniforms['at'],
): ReadonlyArray<Step> =>
  lowered.flatMap(({ instruction, dispatches }, t) =>
    dispatches.map(d => ({
      op: instruction.primitive.name,
      label: d.label,
      shader: d.shader,
      constants: d.constants,
      uniform: at(d.uniform),
      bindings: d.bindings.map(resolve(placement, arrayPlace)(instruction, t)),
      workgroups: d.workgroups,
    })),
  )

const outputsOf = ({ program, arrayPlace }: Layout): Plan['outputs'] =>
  program.outputs.map(({ name, id }) => ({
    name,
    aval: avalOf(program, id),
    place: arrayPlace(id),
  }))

const readbackBytes = (outputs: Plan['outputs']): number =>
  outputs.length === 0 ? 0 : boundBytes(sum(outputs.map(o => bytesOf(o.aval))))

/**
 * Plans a program for a target: pure, and the same plan for the same program. `Left` names what the adapter could
 * not bind or run. `moves` are the two primitives that copy arrays.
 */
export const makePlan =
  (moves: Moves, target: Target) =>
  (source: Program): E.Either<Fault, Plan> => {
    const decided = layout(moves, target, source)
    const { program, lowered, placement, live } = decided
    const uniforms = packUniforms(lowered)
    const textures = textureSizes(lowered)
    const outputs = outputsOf(decided)
    return pipe(
      stepsOf(decided, uniforms.at),
      RA.traverse(E.Applicative)(step => checkStep(step, target)),
      E.map(steps => ({
        steps,
        arguments: program.args.map(({ name, id }) => ({ name, aval: avalOf(program, id) })),
        outputs,
        arenas: placement.arenas,
        textures,
        uniforms: uniforms.data,
        bytes: {
          arguments: sum(program.args.map(({ id }) => sized(program, id))),
          arenas: sum(placement.arenas),
          textures: textureBytes(textures),
          uniforms: uniforms.data.byteLength,
          readback: readbackBytes(outputs),
          live,
        },
      })),
    )
  }

/** The plan as lines of text: one a dispatch, with its op, shader, workgroups and places. */
export const showPlan = (plan: Plan): string =>
  plan.steps
    .map(({ op, label, workgroups, bindings }) => {
      const places = bindings.map(b =>
        b._tag === 'Store'
          ? b.name
          : b._tag === 'Texture'
            ? `texture ${b.texture}`
            : `${b.arena}:${b.offset}+${b.bytes}`,
      )
      return `${op} ${label} [${workgroups.join(', ')}] ${places.join(' ')}`
    })
    .join('\n')
