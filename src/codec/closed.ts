// Records that refuse keys they do not know, and say which are known.
import * as t from 'io-ts'

/** Letters to change to come from one word to the other (Levenshtein). */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}

/** ` (did you mean 'x'?)` where one of the words is close, and all of them where none is. */
export const suggestion = (word: string, known: ReadonlyArray<string>): string => {
  const [best] = known
    .map(k => ({ k, far: distance(word.toLowerCase(), k.toLowerCase()) }))
    .filter(({ k, far }) => far <= Math.ceil(k.length / 3))
    .sort((a, b) => a.far - b.far)
  return best === undefined ? `known are ${known.join(', ')}` : `did you mean '${best.k}'?`
}

/** The codec of a record, and the keys that it knows. */
export class Closed<P extends t.Props> extends t.Type<
  t.TypeOfProps<P>,
  t.OutputOfProps<P>,
  unknown
> {
  readonly keys: Array<string>

  constructor(props: P, name: string) {
    const inner = t.strict(props, name)
    const keys = Object.keys(props)
    super(
      name,
      inner.is,
      (u, c) => {
        if (typeof u !== 'object' || u === null || Array.isArray(u)) {
          return t.failure(u, c, `must be ${name}`)
        }
        const unknownKey = Object.keys(u).find(key => !keys.includes(key))
        return unknownKey === undefined
          ? inner.validate(u, c)
          : t.failure(u, c, `unknown key '${unknownKey}' (${suggestion(unknownKey, keys)})`)
      },
      inner.encode,
    )
    this.keys = keys
  }
}

/** A strict record: exactly these keys come out, and a key that is not among them is an error that says so. */
export const closed = <P extends t.Props>(props: P, name: string): Closed<P> =>
  new Closed(props, name)
