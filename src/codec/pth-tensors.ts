// Tensors in an unpickled value: the state dict found, nested dicts flattened, every tensor a view over a storage.
import * as E from 'fp-ts/Either'
import { bytesPer, type Dtype } from './number-array.ts'
import { isTagged, type PickleDict, type PickleValue } from './pickle-value.ts'
import { mostAxes, type StridedView, spanOf } from './strided.ts'
import { rebuildsTensor, storageDtype, wrapsTensor } from './torch-globals.ts'

/** A storage as a pickle names it: its key in the file, and how many elements of which type it claims. */
export interface StorageRef {
  readonly key: string
  readonly dtype: Dtype
  readonly count: number
}

/** A tensor: a view over the storage `key`, offset counted from that storage's start. */
export interface StoredTensor {
  readonly storage: StorageRef
  readonly view: StridedView
}

/** No name or key of a checkpoint is longer; one long text that many names share would grow without bounds. */
const longestName = 1024

const isCount = (value: PickleValue | undefined): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

const isName = (value: PickleValue | undefined): value is string =>
  typeof value === 'string' && value.length <= longestName

// Old files may name a part of a storage: its own key, where it starts, and how long it is.
const partOf = (value: PickleValue | undefined): number | null => {
  if (value === undefined || value === null) return 0
  const [, start] = isTagged(value, 'Tuple') ? value.items : []
  return isCount(start) ? start : null
}

/** The storage that a persistent id names, with the elements before its part. */
export const storageOf = (
  id: PickleValue,
): E.Either<string, StorageRef & { readonly start: number }> => {
  const [kind, type, key, , count, part] = isTagged(id, 'Tuple') ? id.items : []
  if (kind !== 'storage' || !isTagged(type, 'Global') || !isName(key)) {
    return E.left('it refers to something that is no storage')
  }
  const dtype = storageDtype(type.name)
  if (dtype === undefined) return E.left(`'${type.name}' is no storage that is read`)
  const start = partOf(part)
  return isCount(count) && start !== null
    ? E.right({ key, dtype, count, start })
    : E.left(`storage '${key}' is malformed`)
}

const countsOf = (value: PickleValue | undefined): ReadonlyArray<number> | null => {
  const items = isTagged(value, 'Call')
    ? value.name === 'torch.Size' && isTagged(value.args[0], 'Tuple')
      ? value.args[0].items
      : null
    : isTagged(value, 'Tuple')
      ? value.items
      : null
  if (items === null || items.length > mostAxes) return null
  return items.every(item => typeof item === 'number') ? items : null
}

const unwrapped = (value: PickleValue): PickleValue => {
  let inner = value
  for (let depth = 0; depth < 8; depth++) {
    if (!isTagged(inner, 'Call') || !wrapsTensor.has(inner.name)) return inner
    inner = inner.args[0] ?? null
  }
  return inner
}

/** The tensor that a value stands for, or null where it is none. */
const tensorOf = (value: PickleValue): E.Either<string, StoredTensor> | null => {
  const inner = unwrapped(value)
  if (!isTagged(inner, 'Call') || !rebuildsTensor.has(inner.name)) return null
  const [persistent, offset, sizes, strides] = inner.args
  if (!isTagged(persistent, 'Persistent')) return E.left('a tensor without a storage')
  const storage = storageOf(persistent.id)
  if (E.isLeft(storage)) return storage
  const [shape, stride] = [countsOf(sizes), countsOf(strides)]
  if (typeof offset !== 'number' || shape === null || stride === null) {
    return E.left('a tensor without sizes or strides')
  }
  const { start, ...ref } = storage.right
  const own: StridedView = { dtype: ref.dtype, shape, stride, offset }
  return E.chain((span: number) =>
    span + start > ref.count
      ? E.left(`it reaches element ${span + start} of a storage of ${ref.count}`)
      : E.right({ storage: ref, view: { ...own, offset: offset + start } }),
  )(spanOf(own))
}

const textKeys = ({ entries }: PickleDict): ReadonlyMap<string, PickleValue> =>
  new Map(entries.flatMap(([key, value]) => (typeof key === 'string' ? [[key, value]] : [])))

const homes = ['state_dict', 'model_state_dict', 'model', 'net']

/** The dict that holds the weights: the value itself, or what it keeps under a usual name. */
const stateDict = (value: PickleValue): PickleDict | null => {
  let dict = value
  for (let depth = 0; depth < 4 && isTagged(dict, 'Dict'); depth++) {
    const keys = textKeys(dict)
    const home = homes.find(name => isTagged(keys.get(name), 'Dict'))
    if (home === undefined) break
    dict = keys.get(home) ?? null
  }
  return isTagged(dict, 'Dict') ? dict : null
}

const mostDepth = 16
const mostTensors = 100_000
const mostValues = 2_000_000

interface Walk {
  readonly found: Map<string, StoredTensor>
  values: number
}

const walk = (state: Walk, dict: PickleDict, prefix: string, depth: number): string | null => {
  if (depth > mostDepth) return 'dicts within dicts without end'
  state.values += dict.entries.length
  if (state.values > mostValues) return 'too many values'
  for (const [key, value] of textKeys(dict)) {
    const name = `${prefix}${key}`
    if (name.length > longestName) return `a name of ${name.length} characters`
    const tensor = tensorOf(value)
    if (tensor !== null) {
      if (E.isLeft(tensor)) return `'${name}' is malformed: ${tensor.left}`
      if (state.found.has(name)) return `'${name}' is there twice`
      state.found.set(name, tensor.right)
      if (state.found.size > mostTensors) return `more than ${mostTensors} tensors`
    } else if (isTagged(value, 'Dict')) {
      const wrong = walk(state, value, `${name}.`, depth + 1)
      if (wrong !== null) return wrong
    }
  }
  return null
}

/**
 * The tensors of a checkpoint by name, in its order: found under `state_dict`, `model_state_dict`, `model` or `net`
 * where there is one, nested dicts joined by dots, all that is no tensor left out. Left says what is wrong.
 */
export const tensorsIn = (
  value: PickleValue,
): E.Either<string, ReadonlyMap<string, StoredTensor>> => {
  const dict = stateDict(value)
  if (dict === null) return E.left('the file holds no state dict')
  const state: Walk = { found: new Map(), values: 0 }
  const wrong = walk(state, dict, '', 0)
  if (wrong !== null) return E.left(wrong)
  return state.found.size > 0 ? E.right(state.found) : E.left('the file holds no tensors')
}

/** The bytes that a storage claims. */
export const storageBytes = ({ dtype, count }: StorageRef): number => count * bytesPer[dtype]
