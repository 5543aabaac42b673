// Tests of reading apt's sources in both formats and writing a backports source like them.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  backportsSource,
  mainArchive,
  parseList,
  parseSources,
} from '../../../cli/setup/apt-sources.mjs'

const deb822 = `# Debian
Types: deb deb-src
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mQINBF
 -----END PGP PUBLIC KEY BLOCK-----

Types: deb
Enabled: no
URIs: http://mirror.example/off
Suites: bookworm-backports
Components: main
`
const oneLine = `# deb http://mirror.example/comment bookworm main
deb-src http://mirror.example/debian bookworm main
deb [arch=amd64 signed-by=/usr/share/keyrings/vendor.gpg] https://vendor.example/repo bookworm main
deb [signed-by=/usr/share/keyrings/debian.gpg check-valid-until=no] http://mirror.example/debian/ bookworm main non-free # home
deb http://mirror.example/debian/ bookworm-updates main
`

const reading = suite('apt sources')
reading('a deb822 file gives its enabled archives with the key as written', () => {
  const [source, ...others] = parseSources(deb822)
  assert.is(others.length, 0)
  assert.equal(source?.uris, ['http://mirror.example/debian'])
  assert.equal(source?.suites, ['bookworm', 'bookworm-updates'])
  assert.match(source?.rest.join('\n') ?? '', /^Signed-By:\n -----BEGIN.*\n \.\n mQINBF\n -----END/)
})
reading('a one-line file gives its binary archives with their options as fields', () => {
  const sources = parseList(oneLine)
  assert.is(sources.length, 3)
  assert.equal(sources[0]?.rest, [
    'Architectures: amd64',
    'Signed-By: /usr/share/keyrings/vendor.gpg',
  ])
  assert.equal(sources[1]?.components, ['main', 'non-free'])
})
reading('the distribution is told from a vendor with the same suite by its updates', () => {
  assert.equal(mainArchive(parseList(oneLine), 'bookworm')?.uris, ['http://mirror.example/debian/'])
  assert.is(mainArchive(parseList(oneLine), 'trixie'), undefined)
})
reading.run()

const writing = suite('backportsSource')
writing('takes mirror, key and options from the one-line archive', () => {
  const text = backportsSource(parseList(oneLine), 'bookworm') ?? ''
  assert.match(text, 'URIs: http://mirror.example/debian/\nSuites: bookworm-backports\n')
  assert.match(text, 'Signed-By: /usr/share/keyrings/debian.gpg\nCheck-Valid-Until: no\n')
})
writing('is read back as the archive that it names', () => {
  const [archive, ...others] = parseSources(backportsSource(parseSources(deb822), 'bookworm') ?? '')
  assert.is(others.length, 0)
  assert.equal(archive?.suites, ['bookworm-backports'])
  assert.equal(archive?.components, ['main'])
  assert.equal(archive?.rest, parseSources(deb822)[0]?.rest)
})
writing('writes nothing where backports is a source already or no archive is known', () => {
  const both = [...parseSources(deb822), ...parseList('deb http://x bookworm-backports main')]
  assert.is(backportsSource(both, 'bookworm'), undefined)
  assert.is(backportsSource([], 'bookworm'), undefined)
})
writing.run()
