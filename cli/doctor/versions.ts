// Versions of this package and of what its numbers depend on.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as t from 'io-ts'
import { version } from '../../package.json'

const Manifest = t.type({ name: t.string, version: t.string })

const parent = (path: string, name: string): string => {
  const at = path.lastIndexOf(
    `node_modules/${name}`.replaceAll('/', path.includes('\\') ? '\\' : '/'),
  )
  return at < 0 ? dirname(path) : path.slice(0, at + `node_modules/${name}`.length)
}

/** Version in the manifest of an installed package; `unknown` where it cannot be read. */
const versionOf = (name: string): string =>
  pipe(
    E.tryCatch(
      (): unknown => {
        const entry = createRequire(import.meta.url).resolve(name)
        return JSON.parse(readFileSync(join(parent(entry, name), 'package.json'), 'utf8'))
      },
      () => null,
    ),
    E.chainW(Manifest.decode),
    E.fold(
      () => 'unknown',
      manifest => manifest.version,
    ),
  )

/** Versions by name. Dawn's own is that of the `webgpu` package, which holds it. */
export const versions = (): Readonly<Record<string, string>> => ({
  collapse: version,
  bun: Bun.version,
  webgpu: versionOf('webgpu'),
  'gpu.js': versionOf('gpu.js'),
})
