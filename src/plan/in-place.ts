// Updates in place under a pure signature: finds which overwrites are safe, and copies where they are not.
import type { Aval } from '../core/aval.ts'
import type { Moves, Primitive } from '../core/op.ts'
import type { Instruction, Parameter, Program } from '../core/trace.ts'

/** A program in which each overwrite may happen, if each instruction runs after those `after` it names. */
export interface InPlace {
  readonly program: Program
  readonly after: ReadonlyMap<Instruction, ReadonlySet<Instruction>>
}

interface Node {
  readonly primitive: Primitive
  ins: ReadonlyArray<number>
  readonly outs: ReadonlyArray<number>
}

const overwritten = ({ primitive, ins }: Node): ReadonlyArray<number> =>
  primitive.overwrites.map(({ index }) => ins[index] ?? -1)

/** The mutable program under construction, private to `inPlace`. */
class Draft {
  readonly avals: Array<Aval>
  nodes: Array<Node>
  outputs: ReadonlyArray<Parameter>
  updates: ReadonlyArray<Parameter>
  readonly after = new Map<Instruction, Set<Instruction>>()
  readonly argIds: ReadonlyMap<number, string>

  constructor(
    readonly source: Program,
    readonly moves: Moves,
  ) {
    this.avals = [...source.avals]
    this.nodes = source.instructions.map(i => ({ ...i }))
    this.outputs = source.outputs
    this.updates = source.updates
    this.argIds = new Map(source.args.map(({ name, id }) => [id, name]))
  }

  aval(id: number): Aval {
    return this.avals[id] ?? { dtype: 'f32', shape: [] }
  }

  copyOf(id: number): number {
    const copied = this.avals.push(this.aval(id)) - 1
    this.nodes.push({ primitive: this.moves.copy(this.aval(id)), ins: [id], outs: [copied] })
    return copied
  }

  producer(id: number): Node | undefined {
    return this.nodes.find(({ outs }) => outs.includes(id))
  }

  /** The array whose storage `id` takes, following overwrites back to the first, and the results on the way. */
  chain(id: number): { readonly root: number; readonly through: ReadonlyArray<number> } {
    const node = this.producer(id)
    const port = node?.outs.indexOf(id)
    const index = node?.primitive.overwrites.find(o => o.port === port)?.index
    const before = index === undefined ? undefined : node?.ins[index]
    if (before === undefined) return { root: id, through: [] }
    const { root, through } = this.chain(before)
    return { root, through: [...through, id] }
  }
}

/** Every operand of a node is another array: one storage is never bound twice in a dispatch. */
const separateOperands = (draft: Draft): void => {
  for (const node of [...draft.nodes]) {
    node.ins = node.ins.map((id, i) => (node.ins.indexOf(id) < i ? draft.copyOf(id) : id))
  }
}

/** Updates that no chain of overwrites brings home are assigned to their argument at the end. */
const assignUpdates = (draft: Draft): ReadonlySet<number> => {
  const home = new Map(draft.source.args.map(({ name, id }) => [name, id]))
  const keepers = new Set<number>()
  draft.updates = draft.updates.map(update => {
    const target = home.get(update.name) ?? -1
    const { root, through } = draft.chain(update.id)
    if (root === target) {
      through.forEach(result => {
        keepers.add(result)
      })
      return update
    }
    const id = draft.avals.push(draft.aval(target)) - 1
    const node = {
      primitive: draft.moves.assign(draft.aval(target)),
      ins: [update.id, target],
      outs: [id],
    }
    draft.nodes.push(node)
    keepers.add(id)
    return { ...update, id }
  })
  return keepers
}

/** One overwriter for each array: results that bring an update home keep it, others are written over a copy. */
const claimStorage = (draft: Draft, keepers: ReadonlySet<number>): void => {
  const claimed = new Set(draft.updates.map(({ id }) => id))
  const claim = (node: Node, keeping: boolean): void => {
    for (const { index, port } of node.primitive.overwrites) {
      const id = node.ins[index] ?? -1
      if (keepers.has(node.outs[port] ?? -1) !== keeping) continue
      const mine = !claimed.has(id) && (keeping || !draft.argIds.has(id))
      if (mine) claimed.add(id)
      else node.ins = node.ins.map((x, i) => (i === index ? draft.copyOf(id) : x))
    }
  }
  const overwriters = draft.nodes.filter(n => n.primitive.overwrites.length > 0)
  for (const node of overwriters) claim(node, true)
  for (const node of overwriters) claim(node, false)
}

/** Whether `to` must run after `from`, through data or through an earlier `after`. */
const comesAfter = (draft: Draft, from: Node, to: Node): boolean => {
  const seen = new Set<Node>()
  const producers = new Map(draft.nodes.flatMap(n => n.outs.map(id => [id, n] as const)))
  const visit = (node: Node): boolean => {
    if (node === from) return true
    if (seen.has(node)) return false
    seen.add(node)
    const before = [...node.ins.map(id => producers.get(id)), ...(draft.after.get(node) ?? [])]
    return before.some(n => n !== undefined && visit(n))
  }
  return visit(to)
}

/** Other readers of an overwritten array run first; where they cannot, they read a copy made before. */
const orderReaders = (draft: Draft): void => {
  for (const node of draft.nodes.filter(n => n.primitive.overwrites.length > 0)) {
    const before = draft.after.get(node) ?? new Set()
    draft.after.set(node, before)
    for (const id of overwritten(node)) {
      const readers = draft.nodes.filter(n => n !== node && n.ins.includes(id))
      const late = readers.filter(reader => comesAfter(draft, node, reader))
      const isOutput = draft.outputs.some(o => o.id === id)
      readers
        .filter(r => !late.includes(r))
        .forEach(r => {
          before.add(r)
        })
      if (late.length === 0 && !isOutput) continue
      const copied = draft.copyOf(id)
      const copier = draft.producer(copied)
      if (copier !== undefined) before.add(copier)
      for (const reader of late) reader.ins = reader.ins.map(x => (x === id ? copied : x))
      draft.outputs = draft.outputs.map(o => (o.id === id ? { ...o, id: copied } : o))
    }
  }
}

/**
 * Makes every overwrite legal: an argument is overwritten only on the way to its update, an array only once and after
 * all its other readers, and no operand twice in one call. The program means the same.
 */
export const inPlace = (source: Program, moves: Moves): InPlace => {
  const draft = new Draft(source, moves)
  separateOperands(draft)
  const keepers = assignUpdates(draft)
  claimStorage(draft, keepers)
  orderReaders(draft)
  const program = {
    avals: draft.avals,
    args: source.args,
    instructions: draft.nodes,
    outputs: draft.outputs,
    updates: draft.updates,
  }
  return { program, after: draft.after }
}
