#!/usr/bin/env node
// The `collapse` command: sets the machine up when that is needed, then runs cli/main.ts under Bun.
import { launch } from './setup/launch.mjs'
import { setUp } from './setup/set-up.mjs'

process.exitCode = setUp() ? await launch('cli/main.ts', process.argv.slice(2)) : 1
