// Entry of `npm start` and `npm test`: sets the machine up, then runs the named program under Bun.
// Plain Node 20 without packages: on a fresh clone neither Bun nor node_modules is there yet.
import { launch } from './launch.mjs'
import { setUp } from './set-up.mjs'

const [program = 'cli/main.ts', ...args] = process.argv.slice(2)

process.exitCode = setUp() ? await launch(program, args) : 1
