// What an unpickled value is here: plain data; a call of a global stays a call and is never made.

/** A value of a pickle. Containers may be shared and may hold themselves, as in Python. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleList
  | PickleTuple
  | PickleDict
  | PickleGlobal
  | PickleCall
  | PicklePersistent

/** A Python list. */
export interface PickleList {
  readonly _tag: 'List'
  readonly items: Array<PickleValue>
}

/** A Python tuple. */
export interface PickleTuple {
  readonly _tag: 'Tuple'
  readonly items: ReadonlyArray<PickleValue>
}

/** A Python dict, also an OrderedDict; where a key comes twice, the later wins. */
export interface PickleDict {
  readonly _tag: 'Dict'
  readonly entries: Array<readonly [PickleValue, PickleValue]>
}

/** The name of a class or function, `module.name`. */
export interface PickleGlobal {
  readonly _tag: 'Global'
  readonly name: string
}

/** The call of a global with arguments, not made. */
export interface PickleCall {
  readonly _tag: 'Call'
  readonly name: string
  readonly args: ReadonlyArray<PickleValue>
}

/** A reference to something outside of the pickle, such as a storage. */
export interface PicklePersistent {
  readonly _tag: 'Persistent'
  readonly id: PickleValue
}

type Tag = Extract<PickleValue, { readonly _tag: string }>['_tag']

/** True for a value of the given kind. */
export const isTagged = <T extends Tag>(
  value: PickleValue | undefined,
  tag: T,
): value is Extract<PickleValue, { readonly _tag: T }> =>
  typeof value === 'object' && value !== null && '_tag' in value && value._tag === tag
