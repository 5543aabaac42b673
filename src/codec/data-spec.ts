// Data specs: a data set and the part of it that is meant, in one word such as `mnist?classes=0-4&perClass=100`.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as t from 'io-ts'
import { suggestion } from './closed.ts'
import { oneOf, wholeFrom } from './field.ts'

/** The two parts of every data set. */
export type Split = 'train' | 'test'

/**
 * A data set by name, and what is taken of it. `path` follows the name after a colon. `classes` are taken in the order
 * given and numbered from 0 (null: all); `perClass` training samples of each class, chosen by `seed` (null: all);
 * `split` is null where the command takes both.
 */
export interface DataSpec {
  readonly name: string
  readonly path: string | null
  readonly classes: ReadonlyArray<number> | null
  readonly perClass: number | null
  readonly seed: number | null
  readonly split: Split | null
}

const KEYS = ['classes', 'perClass', 'seed', 'split'] as const
type Key = (typeof KEYS)[number]

const MOST_CLASSES = 65536

type Parsed<A> = E.Either<string, A>

const wholeOf =
  (key: string, field: t.Type<number, number, unknown>) =>
  (word: string): Parsed<number> =>
    pipe(
      field.decode(/^\d+$/.test(word) ? Number(word) : word),
      E.mapLeft(() => `${key}=${word} must be ${field.name}`),
    )

const classNumber = wholeOf('classes', wholeFrom(0, MOST_CLASSES - 1))

const classRange = (word: string): Parsed<ReadonlyArray<number>> => {
  const [first = '', last = first, ...more] = word.split('-')
  return more.length > 0
    ? E.left(`classes=${word} must be a list of numbers and ranges, such as 0-4,7`)
    : pipe(
        classNumber(first),
        E.bindTo('from'),
        E.bind('to', () => classNumber(last)),
        E.chain(({ from, to }) =>
          from <= to
            ? E.right(Array.from({ length: to - from + 1 }, (_, i) => from + i))
            : E.left(`classes=${word} runs backwards`),
        ),
      )
}

const classList = (words: string): Parsed<ReadonlyArray<number>> =>
  pipe(
    E.traverseArray(classRange)(words.split(',')),
    E.map(ranges => ranges.flat()),
    E.filterOrElse(
      all => new Set(all).size === all.length,
      () => `classes=${words} names a class twice`,
    ),
    E.filterOrElse(
      all => all.length > 1,
      () => `classes=${words} is one class only, and nothing can be told apart`,
    ),
  )

const splitOf = (word: string): Parsed<Split> =>
  pipe(
    oneOf<Split>(['train', 'test']).decode(word),
    E.mapLeft(() => `split=${word} must be train or test`),
  )

const isKey = (key: string): key is Key => KEYS.some(k => k === key)

const readers: { readonly [K in Key]: (word: string) => Parsed<Partial<DataSpec>> } = {
  classes: word => E.Functor.map(classList(word), classes => ({ classes })),
  perClass: word =>
    E.Functor.map(wholeOf('perClass', wholeFrom(1))(word), perClass => ({ perClass })),
  seed: word => E.Functor.map(wholeOf('seed', wholeFrom(0, 2 ** 32 - 1))(word), seed => ({ seed })),
  split: word => E.Functor.map(splitOf(word), split => ({ split })),
}

const readPair =
  (seen: Set<string>) =>
  (pair: string): Parsed<Partial<DataSpec>> => {
    const [key = '', ...rest] = pair.split('=')
    if (!isKey(key)) return E.left(`unknown key '${key}' (${suggestion(key, KEYS)})`)
    if (seen.has(key)) return E.left(`${key} is given twice`)
    seen.add(key)
    return readers[key](rest.join('='))
  }

/** Parses a data spec; `Left` says what is wrong with it. Whether the data set exists is not looked at. */
export const parseDataSpec = (text: string): Parsed<DataSpec> => {
  const [head = '', query, ...more] = text.split('?')
  const [name = '', ...path] = head.split(':')
  if (!/^[a-z][a-z0-9-]*$/.test(name)) return E.left(`'${name}' is no name of a data set`)
  if (more.length > 0) return E.left(`'${text}' has more than one question mark`)
  const start: DataSpec = {
    name,
    path: path.length === 0 ? null : path.join(':'),
    classes: null,
    perClass: null,
    seed: null,
    split: null,
  }
  return pipe(
    E.traverseArray(readPair(new Set()))(query === undefined ? [] : query.split('&')),
    E.map((parts): DataSpec => Object.assign({}, start, ...parts)),
  )
}

const showClasses = (classes: ReadonlyArray<number>): string => {
  const words: Array<string> = []
  for (let i = 0; i < classes.length; ) {
    const from = classes[i] ?? 0
    let n = 1
    while (classes[i + n] === from + n) n += 1
    words.push(n > 1 ? `${from}-${from + n - 1}` : `${from}`)
    i += n
  }
  return words.join(',')
}

/** The spec as text, the same for equal specs. */
export const showDataSpec = ({ name, path, classes, ...rest }: DataSpec): string => {
  const pairs = [
    ...(classes === null ? [] : [`classes=${showClasses(classes)}`]),
    ...(rest.perClass === null ? [] : [`perClass=${rest.perClass}`]),
    ...(rest.seed === null ? [] : [`seed=${rest.seed}`]),
    ...(rest.split === null ? [] : [`split=${rest.split}`]),
  ]
  const head = path === null ? name : `${name}:${path}`
  return pairs.length === 0 ? head : `${head}?${pairs.join('&')}`
}

/** Data specs as text in flags and files. */
export const DataSpec: t.Type<DataSpec, string, unknown> = new t.Type(
  'a data set, such as mnist or mnist?classes=0-4&perClass=100&seed=1',
  (u): u is DataSpec => typeof u === 'object' && u !== null && 'name' in u && 'perClass' in u,
  (u, c) =>
    typeof u === 'string'
      ? pipe(
          parseDataSpec(u),
          E.fold(
            what => t.failure(u, c, what),
            spec => t.success(spec),
          ),
        )
      : t.failure(u, c, 'must be a data set, such as mnist or mnist?classes=0-4'),
  showDataSpec,
)
