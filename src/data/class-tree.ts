// Classes and splits of image files, from nothing but their paths.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { Split } from '../codec/data-spec.ts'
import { type Fault, fault } from '../core/fault.ts'
import { permutation } from '../core/random.ts'

/** An image file and its class; `split` is null where the folders name none. */
export interface ClassFile {
  readonly path: string
  readonly label: number
  readonly split: Split | null
}

/** Files by class and path, and the names of the classes. */
export interface ClassTree {
  readonly names: ReadonlyArray<string>
  readonly files: ReadonlyArray<ClassFile>
}

/** Files of a tree: paths with `/` between their parts, from the root down. */
export interface Listing {
  readonly paths: ReadonlyArray<string>
  /** Folders that are classes, whether they hold images or not. */
  readonly classFolders: ReadonlyArray<string>
}

/** True for names of image files; hidden files are none. */
export const isImageName = (path: string): boolean =>
  /\.(jpe?g|png|webp)$/i.test(path) && !path.split('/').some(part => part.startsWith('.'))

const topOf = (path: string): string => path.slice(0, Math.max(0, path.indexOf('/')))

const below = (path: string): string => path.slice(path.indexOf('/') + 1)

/** Which folders at the top are which split: `train` with `test` or else `val`, or alone; empty where there is none. */
export const splitFolders = (folders: Iterable<string>): ReadonlyMap<string, Split> => {
  const all = new Set([...folders].filter(folder => folder !== ''))
  const tested = ['test', 'val'].find(folder => all.has(folder))
  if (!all.has('train') || (tested === undefined && all.size > 1)) return new Map()
  return new Map([['train', 'train'], ...(tested === undefined ? [] : [[tested, 'test'] as const])])
}

/** Paths without the folders that all of them share, unless that is `train`. */
export const withoutCommonFolders = (paths: ReadonlyArray<string>): ReadonlyArray<string> => {
  const tops = new Set(paths.map(topOf))
  const [top = ''] = tops
  return tops.size === 1 && top !== '' && top !== 'train'
    ? withoutCommonFolders(paths.map(below))
    : paths
}

interface Found {
  readonly path: string
  readonly split: Split | null
  /** The path below the split's folder. */
  readonly rest: string
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const sorted = (files: ReadonlyArray<ClassFile>): ReadonlyArray<ClassFile> =>
  [...files].sort((a, b) => a.label - b.label || byText(a.path, b.path))

const MOST_INDEX = 65535

const byIndex = (found: ReadonlyArray<Found>, where: string): E.Either<Fault, ClassTree> =>
  pipe(
    E.traverseArray(({ path, split, rest }: Found): E.Either<Fault, ClassFile> => {
      const label = Number(/^(\d{1,5})[_-]/.exec(rest)?.[1] ?? Number.NaN)
      return label <= MOST_INDEX
        ? E.right({ path, split, label })
        : E.left(
            fault(
              `'${path}' lies in no folder of a class, and its name is neither INDEX_name nor CLASS_number`,
              where,
              'put the images of each class into a folder of their own',
            ),
          )
    })(found),
    E.map(files => {
      const classes = files.reduce((most, { label }) => Math.max(most, label), 0) + 1
      return { names: Array.from({ length: classes }, (_, i) => String(i)), files: sorted(files) }
    }),
  )

const byFolder = (
  found: ReadonlyArray<Found>,
  emptyFolders: ReadonlyArray<string>,
  where: string,
): E.Either<Fault, ClassTree> => {
  const mend = 'add images to it or take it away'
  const [empty] = emptyFolders
  if (empty !== undefined) return E.left(fault(`class '${empty}' has no images`, where, mend))
  const inFolders = found.filter(({ rest }) => rest.includes('/'))
  const trained = inFolders.filter(({ split }) => split !== 'test')
  const names = [...new Set(trained.map(({ rest }) => topOf(rest)))].sort(byText)
  const labels = new Map(names.map((name, i) => [name, i]))
  const strange = inFolders.find(({ rest }) => !labels.has(topOf(rest)))
  return strange === undefined
    ? E.right({
        names,
        files: sorted(
          inFolders.map(({ path, split, rest }) => ({
            path,
            split,
            label: labels.get(topOf(rest)) ?? 0,
          })),
        ),
      })
    : E.left(fault(`class '${topOf(strange.rest)}' has no training images`, where, mend))
}

/** Names such as `Abyssinian_12.jpg` (Oxford-IIIT Pets) as if each class had a folder; none where one is not such. */
const namedByClass = (found: ReadonlyArray<Found>): ReadonlyArray<Found> => {
  const named = found.flatMap(one => {
    const [, name] = /^([^/\d][^/]*?)_\d+\.\w+$/.exec(one.rest) ?? []
    return name === undefined ? [] : [{ ...one, rest: `${name}/${one.rest}` }]
  })
  return named.length === found.length ? named : []
}

const foundIn = (paths: ReadonlyArray<string>): ReadonlyArray<Found> => {
  const splits = splitFolders(paths.map(topOf))
  return splits.size === 0
    ? paths.map(path => ({ path, split: null, rest: path }))
    : paths.flatMap(path => {
        const split = splits.get(topOf(path))
        return split === undefined ? [] : [{ path, split, rest: below(path) }]
      })
}

const classFolderOf = ({ path, rest }: Found): string =>
  path.slice(0, path.length - rest.length) + topOf(rest)

/**
 * A class per folder, in the order of their names; where no image lies in a folder, the class is the number before the
 * first `_` of the name, or, where all names end in `_` and a number, what comes before. Folders `train` and `test` (or `val`) at the top are splits. `Left` for a class without
 * (training) images, and for fewer than two classes.
 */
export const classTree = (
  { paths, classFolders }: Listing,
  where: string,
): E.Either<Fault, ClassTree> => {
  const found = foundIn(paths)
  const holding = new Set(found.map(classFolderOf))
  const empty = classFolders.filter(folder => !holding.has(folder))
  const named = namedByClass(found)
  return pipe(
    found.length === 0
      ? E.left(fault('holds no JPEG, PNG or WebP images', where, 'give another path'))
      : E.right(found.some(({ rest }) => rest.includes('/'))),
    E.chain(inFolders => {
      if (inFolders) return byFolder(found, empty, where)
      return named.length > 0 ? byFolder(named, [], where) : byIndex(found, where)
    }),
    E.filterOrElse(
      ({ names }) => names.length > 1,
      () => fault('holds one class only, and nothing can be told apart', where, 'add another'),
    ),
  )
}

/** Of the files of a class, how many are kept apart for testing where no folder says. */
const testCount = (n: number): number => (n < 2 ? 0 : Math.max(1, Math.floor(n / 5)))

/**
 * The files of a split. Where the folders name none, a fifth of each class (at least one of two), chosen by the seed,
 * is the test split and the rest the training split. Null: the files of the test split's folder, else all files.
 */
export const filesOf = (
  { names, files }: ClassTree,
  split: Split | null,
  seed: number,
): ReadonlyArray<ClassFile> => {
  if (files.some(file => file.split !== null)) {
    const own = files.filter(file => file.split === (split ?? 'test'))
    return split === null && own.length === 0 ? files : own
  }
  if (split === null) return files
  const byClass = Map.groupBy(files, file => file.label)
  return names.flatMap((_, label) => {
    const all = byClass.get(label) ?? []
    const order = permutation(all.length, seed, `test split of class ${label}`)
    const tested = new Set(order.subarray(0, testCount(all.length)))
    return all.filter((_, i) => tested.has(i) === (split === 'test'))
  })
}
