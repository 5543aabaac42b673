// Plugins: a user's own module of ops, loaded because he named its file with --plugin.
import { readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as RA from 'fp-ts/ReadonlyArray'
import * as TE from 'fp-ts/TaskEither'
import * as t from 'io-ts'
import { type Fault, fault } from '../core/fault.ts'
import type { Op } from '../core/op.ts'
import { decodeWith, inFile } from './decode.ts'
import { field, optional, text, wholeFrom } from './field.ts'

/** An op that a plugin brings, with the attributes to use it with; `null` where the plugin gives the bare op record. */
export interface PluginOp {
  readonly op: Op<unknown>
  readonly attrs: unknown
}

const mend = 'see docs/custom-op.md'

const functionField = field('a function', (u): u is () => unknown => typeof u === 'function')

const may = optional(functionField)

const record = t.type({
  name: text,
  ports: optional(wholeFrom(1)),
  infer: functionField,
  lower: functionField,
  vjp: functionField,
  oracle: functionField,
  overwrites: optional(t.readonlyArray(t.type({ index: wholeFrom(0), port: wholeFrom(0) }))),
  ...{ fuse: may, flops: may, split: may, expand: may, again: may },
})

/** What the functions take and give cannot be seen from outside; `checkOp` is what tests them. */
const isOp = (u: unknown): u is Op<unknown> => record.is(u)

/** An op record, with the faults of `record` where it is none. */
const OpRecord = new t.Type<Op<unknown>, Op<unknown>, unknown>(
  record.name,
  isOp,
  (u, c) =>
    pipe(
      record.validate(u, c),
      E.chain(op => (isOp(op) ? t.success(op) : t.failure(u, c))),
    ),
  t.identity,
)

const isRecord = (u: unknown): u is Readonly<Record<string, unknown>> =>
  typeof u === 'object' && u !== null

/** Has at least one of the functions of an op, so that a slip in the others is reported and not passed over. */
const isMeantAsOp = (u: unknown): boolean =>
  isRecord(u) && ['infer', 'lower', 'vjp', 'oracle'].some(key => key in u)

const isBound = (u: unknown): u is { readonly op: unknown; readonly attrs: unknown } =>
  isRecord(u) && 'op' in u

const decodeOp =
  (file: string) =>
  ([path, u]: readonly [string, unknown]): E.Either<Fault, PluginOp> => {
    const bound = isBound(u)
    const place = inFile(`${file}, ${bound ? `${path}.op` : path}`)
    return pipe(
      decodeWith(OpRecord, place, mend)(bound ? u.op : u),
      E.map(op => ({ op, attrs: bound ? u.attrs : null })),
    )
  }

const candidates = (module: Readonly<Record<string, unknown>>) =>
  'ops' in module && Array.isArray(module.ops)
    ? module.ops.map((u: unknown, i): readonly [string, unknown] => [`ops.${i}`, u])
    : Object.entries(module).filter(([, u]) => isMeantAsOp(isBound(u) ? u.op : u))

const refuseEmptyOrDouble =
  (file: string) =>
  (ops: ReadonlyArray<PluginOp>): E.Either<Fault, ReadonlyArray<PluginOp>> => {
    const names = ops.map(({ op }) => op.name)
    const double = names.find((name, i) => names.indexOf(name) !== i)
    return ops.length === 0
      ? E.left(fault('exports no op', file, "export the op records, or an array 'ops' of them"))
      : double === undefined
        ? E.right(ops)
        : E.left(fault(`two ops are named '${double}'`, file, 'give each op a name of its own'))
  }

/**
 * The ops that a module exports: those of its array `ops`, or else every export that is one. An op is a record made by
 * `defineOp`, or such a record with attributes, `{ op, attrs }`. `file` names the place in faults.
 */
export const decodePlugin =
  (file: string) =>
  (module: Readonly<Record<string, unknown>>): E.Either<Fault, ReadonlyArray<PluginOp>> =>
    'ops' in module && !Array.isArray(module.ops)
      ? E.left(fault("'ops' is no array", file, 'export an array of op records under that name'))
      : pipe(
          candidates(module),
          RA.traverse(E.Applicative)(decodeOp(file)),
          E.chain(refuseEmptyOrDouble(file)),
        )

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Modules of fp-ts by the names under which they are imported. */
const fpTs = (): ReadonlyArray<readonly [string, string]> => {
  const folder = dirname(Bun.resolveSync('fp-ts/Either', import.meta.dir))
  return readdirSync(folder)
    .filter(file => file.endsWith('.js'))
    .map(file => [
      file === 'index.js' ? 'fp-ts' : `fp-ts/${file.slice(0, -'.js'.length)}`,
      join(folder, file),
    ])
}

/**
 * Lets a file anywhere on the disk import this package and its fp-ts. Bun would else fetch strangers of these names
 * from the registry, where no node_modules lies above the file; its `onResolve` is not asked about packages.
 */
const resolveOurs = (): void => {
  Bun.plugin({
    name: 'collapse',
    setup: build => {
      const ours: ReadonlyArray<readonly [string, string]> = [
        ['collapse', here('../index.ts')],
        ['collapse/test/support', here('../../test/support/index.ts')],
        ...fpTs(),
      ]
      for (const [name, path] of ours) {
        build.module(name, async () => ({ exports: await import(path), loader: 'object' }))
      }
    },
  })
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''

const importModule = (file: string): TE.TaskEither<Fault, Readonly<Record<string, unknown>>> =>
  TE.tryCatch(
    async () => {
      resolveOurs()
      const module: unknown = await import(pathToFileURL(resolve(file)).href)
      return isRecord(module) ? { ...module } : {}
    },
    error => fault(`cannot be loaded (${firstLine(error)})`, file, 'mend the module'),
  )

/** Imports a plugin's file and decodes its ops; runs the code that stands in the file. */
export const loadPlugin = (file: string): TE.TaskEither<Fault, ReadonlyArray<PluginOp>> =>
  pipe(
    TE.fromTask(() => Bun.file(file).exists()),
    TE.chain(there =>
      there
        ? importModule(file)
        : TE.left(fault('no such file', file, 'give --plugin the path of a .ts or .js file')),
    ),
    TE.chainEitherK(decodePlugin(file)),
  )
