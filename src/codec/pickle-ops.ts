// The opcodes of pickle, protocols 2 to 4, as far as they make data; whatever else is none.
import {
  fail,
  type Machine,
  pop,
  popMany,
  popMark,
  push,
  recall,
  remember,
  type Step,
  take,
  takeCount,
  takeLine,
  top,
} from './pickle-machine.ts'
import { isTagged, type PickleValue } from './pickle-value.ts'

/** Python's whole numbers longer than this many bytes are no sizes of anything. */
const longestWhole = 64

const whole =
  (width: 1 | 4): Step =>
  m => {
    const length = takeCount(m, width)
    if (length > longestWhole) return fail(m, `the pickle has a number of ${length} bytes`)
    const bytes = take(m, length)
    const bits = bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n)
    const value = BigInt.asIntN(8 * length, bits)
    const small = Number(value)
    push(m, Number.isSafeInteger(small) ? small : value)
  }

const text =
  (width: 1 | 4 | 8, encoding: 'utf-8' | 'latin1'): Step =>
  m =>
    push(m, new TextDecoder(encoding).decode(take(m, takeCount(m, width))))

const raw =
  (width: 1 | 4 | 8): Step =>
  m =>
    push(m, take(m, takeCount(m, width)))

const tuple =
  (size: number): Step =>
  m =>
    push(m, { _tag: 'Tuple', items: popMany(m, size) })

const constant =
  (value: PickleValue): Step =>
  m =>
    push(m, value)

const append = (m: Machine, items: ReadonlyArray<PickleValue>): void => {
  const list = top(m)
  if (!isTagged(list, 'List')) fail(m, 'the pickle appends to what is no list')
  else for (const item of items) list.items.push(item)
}

const pairs = (
  m: Machine,
  items: ReadonlyArray<PickleValue>,
): Array<readonly [PickleValue, PickleValue]> => {
  if (items.length % 2 !== 0) fail(m, 'the pickle has a key without a value')
  return Array.from({ length: items.length >> 1 }, (_, i) => [
    items[2 * i] ?? null,
    items[2 * i + 1] ?? null,
  ])
}

const setItems = (m: Machine, items: ReadonlyArray<PickleValue>): void => {
  const dict = top(m)
  if (!isTagged(dict, 'Dict')) fail(m, 'the pickle sets keys of what is no dict')
  else for (const pair of pairs(m, items)) dict.entries.push(pair)
}

const isName = (value: PickleValue): value is string =>
  typeof value === 'string' && value.length <= 256

const pushGlobal = (m: Machine, module: PickleValue, name: PickleValue): void => {
  if (!isName(module) || !isName(name)) fail(m, 'the pickle asks for what has no name')
  else if (m.allow(`${module}.${name}`)) push(m, { _tag: 'Global', name: `${module}.${name}` })
  else fail(m, `it asks for '${module}.${name}', which is not allowed`)
}

// Python 2 hands an OrderedDict its pairs as a list; the copies count against the machine's budget, since one list may
// be handed over many times.
const orderedDict = (m: Machine, [items]: ReadonlyArray<PickleValue>): PickleValue => {
  const listed = isTagged(items, 'List') ? items.items : []
  m.budget -= listed.length
  if (m.budget < 0) fail(m, 'the pickle copies too much')
  if (m.wrong !== null) return null
  const flat = listed.flatMap(pair =>
    isTagged(pair, 'Tuple') || isTagged(pair, 'List') ? pair.items.slice(0, 2) : [],
  )
  return { _tag: 'Dict', entries: pairs(m, flat) }
}

const call: Step = m => {
  const args = pop(m)
  const callee = pop(m)
  if (!isTagged(callee, 'Global') || !isTagged(args, 'Tuple')) {
    fail(m, 'the pickle calls what is no function')
  } else if (callee.name === 'collections.OrderedDict') {
    push(m, orderedDict(m, args.items))
  } else {
    push(m, { _tag: 'Call', name: callee.name, args: args.items })
  }
}

// Attributes of an OrderedDict or a Parameter (`_metadata`, hooks) hold no numbers: they are left out.
const build: Step = m => {
  pop(m)
  const target = top(m)
  if (!isTagged(target, 'Dict') && !isTagged(target, 'Call')) {
    fail(m, 'the pickle gives attributes to what is no object')
  }
}

const persistent: Step = m => {
  const id = pop(m)
  m.persistents.push(id)
  push(m, { _tag: 'Persistent', id })
}

const protocol: Step = m => {
  const version = takeCount(m, 1)
  if (version < 2 || version > 5) fail(m, `pickle protocol ${version} is not read`)
}

const float: Step = m => {
  const at = m.at
  push(m, take(m, 8).length === 8 ? m.view.getFloat64(at, false) : null)
}

/** Steps by opcode, all but STOP. */
export const pickleSteps: ReadonlyMap<number, Step> = new Map<number, Step>([
  [0x80, protocol],
  [0x95, m => void take(m, 8)],
  [0x28, m => void m.marks.push(m.stack.length)],
  [0x30, m => void pop(m)],
  [0x31, m => void popMark(m)],
  [0x32, m => push(m, top(m))],
  [0x4e, constant(null)],
  [0x88, constant(true)],
  [0x89, constant(false)],
  [0x4a, m => push(m, takeCount(m, 4) | 0)],
  [0x4b, m => push(m, takeCount(m, 1))],
  [0x4d, m => push(m, takeCount(m, 2))],
  [0x8a, whole(1)],
  [0x8b, whole(4)],
  [0x47, float],
  [0x58, text(4, 'utf-8')],
  [0x8c, text(1, 'utf-8')],
  [0x8d, text(8, 'utf-8')],
  [0x55, text(1, 'latin1')],
  [0x54, text(4, 'latin1')],
  [0x43, raw(1)],
  [0x42, raw(4)],
  [0x8e, raw(8)],
  [0x5d, m => push(m, { _tag: 'List', items: [] })],
  [0x6c, m => push(m, { _tag: 'List', items: popMark(m) })],
  [0x61, m => append(m, popMany(m, 1))],
  [0x65, m => append(m, popMark(m))],
  [0x29, tuple(0)],
  [0x85, tuple(1)],
  [0x86, tuple(2)],
  [0x87, tuple(3)],
  [0x74, m => push(m, { _tag: 'Tuple', items: popMark(m) })],
  [0x7d, m => push(m, { _tag: 'Dict', entries: [] })],
  [0x64, m => push(m, { _tag: 'Dict', entries: pairs(m, popMark(m)) })],
  [0x73, m => setItems(m, popMany(m, 2))],
  [0x75, m => setItems(m, popMark(m))],
  [0x63, m => pushGlobal(m, takeLine(m), takeLine(m))],
  [
    0x93,
    m => {
      const [module = null, name = null] = popMany(m, 2)
      pushGlobal(m, module, name)
    },
  ],
  [0x52, call],
  [0x81, call],
  [0x62, build],
  [0x51, persistent],
  [0x71, m => remember(m, takeCount(m, 1))],
  [0x72, m => remember(m, takeCount(m, 4))],
  [0x94, m => remember(m, m.memo.size)],
  [0x68, m => recall(m, takeCount(m, 1))],
  [0x6a, m => recall(m, takeCount(m, 4))],
])
