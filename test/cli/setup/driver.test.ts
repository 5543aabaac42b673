// Tests of which Mesa release set-up asks of which system.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { mesaRelease, parseOsRelease } from '../../../cli/setup/driver.mjs'

const release = suite('mesaRelease')
release('Debian 12 needs backports, by the code name of os-release', () => {
  const text =
    'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n'
  assert.equal(mesaRelease(parseOsRelease(text)), { release: 'bookworm-backports' })
})
release('newer Debian and Ubuntu take what they have', () => {
  assert.equal(mesaRelease({ ID: 'debian', VERSION_ID: '13' }), { release: '' })
  assert.equal(mesaRelease({ ID: 'debian', VERSION_CODENAME: 'sid' }), { release: '' })
  assert.equal(mesaRelease({ ID: 'ubuntu', VERSION_ID: '24.04' }), { release: '' })
})
release('older releases and other systems are refused', () => {
  for (const [ID, VERSION_ID] of [
    ['debian', '11'],
    ['ubuntu', '22.04'],
    ['fedora', '41'],
  ]) {
    assert.ok('refused' in mesaRelease({ ID: String(ID), VERSION_ID: String(VERSION_ID) }))
  }
})
release.run()
