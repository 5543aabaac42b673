// Groups: which calls must fall apart for a target, and into which portions; calls that share a large array agree.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import * as RA from 'fp-ts/ReadonlyArray'
import { type Aval, bytesOf, showAval } from '../core/aval.ts'
import { refsOf, type Target } from '../core/dispatch.ts'
import { type Fault, fault } from '../core/fault.ts'
import { type Parts, type Portion, type Primitive, shareOf } from '../core/op.ts'
import type { Instruction, Program } from '../core/trace.ts'
import { avalOf } from './lifetimes.ts'
import {
  evenSize,
  isLarge,
  leading,
  limitOf,
  ranges,
  trailing,
  withColumns,
  withRows,
} from './parts.ts'

/** A call that falls apart, and its portions in order. */
export interface Cut {
  readonly parts: Parts
  readonly portions: ReadonlyArray<Portion>
}

/** The cuts of a program's calls; calls without one stay whole. */
export type Cuts = ReadonlyMap<Instruction, Cut>

interface Member {
  readonly instruction: Instruction
  readonly parts: Parts
  /** Arrays that are cut by rows, and by columns. */
  readonly rows: ReadonlyArray<number>
  readonly columns: ReadonlyArray<number>
}

const largestScratch = (primitive: Primitive, target: Target): number =>
  primitive
    .lower(target)
    .flatMap(refsOf)
    .reduce((most, ref) => (ref._tag === 'Scratch' ? Math.max(most, ref.bytes) : most), 0)

/** Does the call name an array, or need a scratch, that the device cannot bind? */
export const isTooLarge = ({ primitive }: Instruction, target: Target): boolean => {
  const limit = limitOf(target)
  if ([...primitive.ins, ...primitive.outs].some(aval => isLarge(aval, limit))) return true
  const mends = O.isSome(primitive.expand) || primitive.split().length > 0
  return mends && largestScratch(primitive, target) > limit
}

const refused = ({ primitive }: Instruction, limit: number, why: string): Fault => {
  const bytes = Math.max(...[...primitive.ins, ...primitive.outs].map(bytesOf))
  return fault(
    `an array of ${bytes} bytes is more than the ${limit} that the adapter can bind, and ${why}`,
    `op ${primitive.name}`,
    'use a smaller batch, width or data set, or --device cpu',
  )
}

/** The arrays of a call in one of the given roles. */
const inRole = <A>(
  { ins, outs }: Parts,
  role: Parts['ins'][number],
  [operands, results]: readonly [ReadonlyArray<A>, ReadonlyArray<A>],
): ReadonlyArray<A> => [
  ...operands.filter((_, i) => ins[i] === role),
  ...results.filter((_, i) => outs[i] === role),
]

/** Large arrays that a way of falling apart does not cut. */
const uncut = (
  { primitive: { ins, outs } }: Instruction,
  parts: Parts,
  limit: number,
): ReadonlyArray<Aval> =>
  [
    ...ins.filter((_, i) => parts.ins[i] === 'whole' || parts.ins[i] === 'columns'),
    ...outs.filter((_, i) => parts.outs[i] !== 'rows'),
  ].filter(aval => isLarge(aval, limit))

const member = (instruction: Instruction, limit: number): E.Either<Fault, Member> => {
  const { primitive, ins, outs } = instruction
  const ways = primitive.split()
  const [first] = ways
  if (first === undefined) {
    return E.left(refused(instruction, limit, 'the op does not fall apart here'))
  }
  const parts = ways.find(way => uncut(instruction, way, limit).length === 0)
  if (parts === undefined) {
    const whole = uncut(instruction, first, limit).map(showAval).join(', ')
    return E.left(refused(instruction, limit, `the op needs ${whole} whole`))
  }
  return E.right({
    instruction,
    parts,
    rows: inRole(parts, 'rows', [ins, outs]),
    columns: inRole(parts, 'columns', [ins, outs]),
  })
}

/** Members that share a large array are together, directly or through others. */
const together = (
  members: ReadonlyArray<Member>,
  isLargeArray: (id: number) => boolean,
): ReadonlyArray<ReadonlyArray<Member>> => {
  const groupOf = new Map<number, ReadonlyArray<Member>>()
  const groups = new Set<ReadonlyArray<Member>>()
  const sharedBy = (m: Member): ReadonlyArray<number> => m.rows.filter(isLargeArray)
  for (const one of members) {
    const met = new Set(sharedBy(one).flatMap(id => [groupOf.get(id) ?? []]))
    const joined = [...[...met].flat(), one]
    for (const old of met) groups.delete(old)
    groups.add(joined)
    for (const id of joined.flatMap(sharedBy)) groupOf.set(id, joined)
  }
  return [...groups]
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))

/** The primitive over a portion: its operands by rows have that many rows. */
export const bindPart = (
  { primitive }: Instruction,
  parts: Parts,
  portion: Portion,
): E.Either<string, Primitive> =>
  parts.part(portion)(
    primitive.ins.map((aval, i) =>
      parts.ins[i] === 'rows'
        ? withRows(aval, shareOf(leading(aval), portion))
        : parts.ins[i] === 'columns'
          ? withColumns(aval, shareOf(trailing(aval), portion))
          : aval,
    ),
  )

/** The size at which the call's scratch fits too, as far as that can be had. */
const scratchSize = (
  { instruction, parts }: Pick<Member, 'instruction' | 'parts'>,
  of: number,
  size: number,
  target: Target,
): number => {
  const bound = bindPart(instruction, parts, { from: 0, to: size, of })
  const bytes = E.isRight(bound) ? largestScratch(bound.right, target) : 0
  const limit = limitOf(target)
  if (bytes <= limit || size === 1) return size
  const less = Math.max(1, Math.min(size - 1, Math.floor((size * limit) / bytes)))
  return scratchSize({ instruction, parts }, of, less, target)
}

const portionsOf = (
  group: ReadonlyArray<Member>,
  aval: (id: number) => Aval,
  target: Target,
): E.Either<Fault, ReadonlyArray<Portion>> => {
  const limit = limitOf(target)
  const arrays = group.flatMap(m => m.rows).map(aval)
  const widths = group.flatMap(m => m.columns).map(id => trailing(aval(id)))
  const of = Math.max(1, [...arrays.map(leading), ...widths].reduce(gcd, 0))
  const bytes = Math.max(0, ...arrays.map(bytesOf)) / of
  const size = evenSize(of, Math.max(1, bytes), limit)
  const [first] = group
  if (size === 0 && first !== undefined) {
    const why = `a part of ${of} is still ${bytes} bytes`
    return E.left(refused(first.instruction, limit, why))
  }
  const fitting = group.reduce(
    (least, m) => Math.min(least, scratchSize(m, of, least, target)),
    size,
  )
  return E.right(ranges(of, Math.max(1, fitting)).map(range => ({ ...range, of })))
}

/** The cuts of all calls that are too large for the target; `Left` names the first that does not fall apart. */
export const cutsOf = (program: Program, target: Target): E.Either<Fault, Cuts> => {
  const limit = limitOf(target)
  const aval = (id: number): Aval => avalOf(program, id)
  const cut = (group: ReadonlyArray<Member>) =>
    pipe(
      portionsOf(group, aval, target),
      E.map(portions => group.map(m => [m.instruction, { parts: m.parts, portions }] as const)),
    )
  return pipe(
    program.instructions.filter(i => isTooLarge(i, target)),
    E.traverseArray(i => member(i, limit)),
    E.map(members => together(members, id => isLarge(aval(id), limit))),
    E.chain(E.traverseArray(cut)),
    E.map(cuts => new Map(RA.flatten(cuts))),
  )
}
