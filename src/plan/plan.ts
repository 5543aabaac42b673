// The planner: program -> split -> fuse -> in place -> schedule -> lower -> place -> plan.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as RA from 'fp-ts/ReadonlyArray'
import { bytesOf } from '../core/aval.ts'
import { isDispatch, type Ref, type Target, type Work } from '../core/dispatch.ts'
import type { Fault } from '../core/fault.ts'
import type { Moves } from '../core/op.ts'
import type { Program } from '../core/trace.ts'
import { fuse } from './fuse.ts'
import { inPlace } from './in-place.ts'
import {
  arrayIntervals,
  avalOf,
  scratchIntervals,
  sized,
  storageRoots,
  textureSizes,
} from './lifetimes.ts'
import { checkStep, nowhere, placeOf, resolve } from './operands.ts'
import { boundBytes, liveBytes, type Placement, place } from './place.ts'
import { schedule } from './schedule.ts'
import { split } from './split.ts'
import type { Binding, Lowered, Place, Plan, PlanBytes, PlannedCall, Step } from './types.ts'
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
    work: instruction.primitive.lower(target),
  }))
  const root = storageRoots(order)
  const intervals = [...arrayIntervals(program, order, root), ...scratchIntervals(lowered)]
  const placement = place(intervals, target.limits.maxBufferBytes)
  const arrayPlace = placeOf(program, root, placement)
  return { program, lowered, placement, live: liveBytes(intervals), arrayPlace }
}

const stepOf =
  (call: number, op: string, resolved: (ref: Ref) => Binding, at: Uniforms['at']) =>
  (work: Work): Step => {
    if (isDispatch(work)) {
      const { label, shader, constants, workgroups } = work
      const bindings = work.bindings.map(resolved)
      return {
        _tag: 'Dispatch',
        call,
        op,
        label,
        shader,
        constants,
        uniform: at(work.uniform),
        bindings,
        workgroups,
      }
    }
    const [from, to] = [resolved(work.from), resolved(work.to)]
    return {
      _tag: 'Copy',
      call,
      op,
      label: work.label,
      from: from._tag === 'Texture' ? nowhere : from,
      texture: to._tag === 'Texture' ? to.texture : -1,
      first: work.first ?? 0,
      texels: work.texels,
      width: work.width,
    }
  }

const stepsOf = (
  { lowered, placement, arrayPlace }: Layout,
  at: Uniforms['at'],
): ReadonlyArray<Step> =>
  lowered.flatMap(({ instruction, work }, t) =>
    work.map(
      stepOf(t, instruction.primitive.name, resolve(placement, arrayPlace)(instruction, t), at),
    ),
  )

const callOf = ({ instruction: { primitive } }: Lowered): PlannedCall => ({
  op: primitive.name,
  flops: primitive.flops,
  bytes: sum([...primitive.ins, ...primitive.outs].map(bytesOf)),
})

const outputsOf = ({ program, arrayPlace }: Layout): Plan['outputs'] =>
  program.outputs.map(({ name, id }) => ({
    name,
    aval: avalOf(program, id),
    place: arrayPlace(id),
  }))

const readbackBytes = (outputs: Plan['outputs'], target: Target): number => {
  const { maxBufferBytes } = target.limits
  const all = boundBytes(sum(outputs.map(o => bytesOf(o.aval))))
  return outputs.length === 0 ? 0 : Math.min(all, maxBufferBytes - (maxBufferBytes % 16))
}

const planned =
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
        calls: lowered.map(callOf),
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
          readback: readbackBytes(outputs, target),
          live,
        },
      })),
    )
  }

/**
 * Plans a program for a target: pure, and the same plan for the same program. Arrays that are more than the target can
 * bind are cut by rows (`split`). `Left` names what the adapter could not bind or run. `moves` are the primitives that
 * copy, cut and join arrays.
 */
export const makePlan =
  (moves: Moves, target: Target) =>
  (source: Program): E.Either<Fault, Plan> =>
    pipe(source, split(moves, target), E.chain(planned(moves, target)))

const showBinding = (b: Binding): string =>
  b._tag === 'Store'
    ? b.name
    : b._tag === 'Texture'
      ? `texture ${b.texture}`
      : `${b.arena}:${b.offset}+${b.bytes}`

/** The plan as lines of text: one a step, with its op, shader, workgroups and places. */
export const showPlan = (plan: Plan): string =>
  plan.steps
    .map(step =>
      step._tag === 'Copy'
        ? `${step.op} ${step.label} ${showBinding(step.from)} -> texture ${step.texture}`
        : `${step.op} ${step.label} [${step.workgroups.join(', ')}] ${step.bindings.map(showBinding).join(' ')}`,
    )
    .join('\n')
