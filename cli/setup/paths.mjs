// Where the package, its Bun and the set-up's notes lie.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The package's root folder. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** The folder of npm's `bun` package, wherever npm put it; throws where it is not installed. */
export const bunFolder = () => dirname(createRequire(import.meta.url).resolve('bun/package.json'))

/** Bun's executable; npm's package calls it bun.exe on every system. */
export const bunPath = () => join(bunFolder(), 'bin', 'bun.exe')

/** Notes of an earlier set-up: `{ adapter }` found, or `{ failed }` with the reason. */
export const notesPath = join(root, 'node_modules', '.cache', 'collapse', 'set-up.json')
