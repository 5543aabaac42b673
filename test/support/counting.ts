// A device that counts what is created on it.
import type { Acquired } from '../../src/device/acquire.ts'

/** Calls of every `create*` method so far, by name. */
export type Counts = Map<string, number>

/** The same acquired device, counting. */
export const counting = (
  acquired: Acquired,
): { readonly acquired: Acquired; readonly counts: Counts } => {
  const counts: Counts = new Map()
  const device = new Proxy(acquired.device, {
    get: (target, key) => {
      const member: unknown = Reflect.get(target, key, target)
      if (typeof member !== 'function') return member
      return (...args: ReadonlyArray<unknown>): unknown => {
        const name = String(key)
        if (name.startsWith('create')) counts.set(name, (counts.get(name) ?? 0) + 1)
        return Reflect.apply(member, target, args)
      }
    },
  })
  return { acquired: { ...acquired, device }, counts }
}

/** How many of the named things were created. */
export const created = (
  counts: ReadonlyMap<string, number>,
  ...names: ReadonlyArray<string>
): number => names.reduce((n, name) => n + (counts.get(name) ?? 0), 0)
