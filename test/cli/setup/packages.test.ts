// Tests of when set-up finds the installed packages to be those of the lock file.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { isInstalled } from '../../../cli/setup/packages.mjs'

const wanted = {
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/b-win32': { version: '1.0.0', integrity: 'sha512-b', optional: true },
}
const a = wanted['node_modules/a']

const installed = suite('isInstalled')
installed('accepts the same versions, without packages for other systems', () => {
  assert.ok(isInstalled(wanted, { 'node_modules/a': a }))
})
installed('refuses a missing, an older, a changed and a foreign package', () => {
  assert.not(isInstalled(wanted, {}))
  assert.not(isInstalled(wanted, { 'node_modules/a': { ...a, version: '0.9.0' } }))
  assert.not(isInstalled(wanted, { 'node_modules/a': { ...a, integrity: 'sha512-c' } }))
  assert.not(isInstalled(wanted, { 'node_modules/a': a, 'node_modules/z': a }))
})
installed.run()
