// Reads apt's own source lists (one-line and deb822) and writes a backports source like them: the
// mirror and the signing key are the system's, no host is named here.

/**
 * One archive: its URIs, suites and components, and the remaining fields as they were written.
 * @typedef {{ uris: string[], suites: string[], components: string[], rest: string[] }} Source
 */

/** @param {string} text */
const words = text => text.split(/\s+/).filter(word => word !== '')

/** @param {string} name a field's name in any case, as deb822 files usually spell it */
const titled = name => name.replace(/(^|-)[a-z]/g, letter => letter.toUpperCase())

/**
 * One-line options such as `signed-by=/k.gpg arch=amd64` as deb822 fields.
 * @param {string} options
 */
const optionFields = options =>
  words(options).flatMap(option => {
    const [name = '', value = ''] = option.split('=')
    const field = name === 'arch' ? 'Architectures' : titled(name)
    return value === '' ? [] : [`${field}: ${value.replaceAll(',', ' ')}`]
  })

/**
 * The enabled binary archives of a one-line list (sources.list, *.list).
 * @param {string} text
 * @returns {Source[]}
 */
export const parseList = text =>
  text.split('\n').flatMap(line => {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*([^#]*)/.exec(line)
    if (match === null) return []
    const [, options = '', uri = '', suite = '', components = ''] = match
    return [
      { uris: [uri], suites: [suite], components: words(components), rest: optionFields(options) },
    ]
  })

/**
 * The fields of a deb822 stanza: lower-case name to the lines of its value, comments left out.
 * @param {string} stanza
 */
const stanzaFields = stanza => {
  /** @type {Map<string, string[]>} */
  const fields = new Map()
  let name = ''
  for (const line of stanza.split('\n').filter(text => !text.startsWith('#'))) {
    const match = /^([A-Za-z-]+):\s*(.*)$/.exec(line)
    if (match !== null) name = (match[1] ?? '').toLowerCase()
    fields.set(name, [...(fields.get(name) ?? []), match === null ? line : (match[2] ?? '')])
  }
  return fields
}

const replaced = ['types', 'uris', 'suites', 'components', 'enabled', '']

/**
 * The enabled binary archives of a deb822 file (*.sources).
 * @param {string} text
 * @returns {Source[]}
 */
export const parseSources = text =>
  text
    .replaceAll('\r', '')
    .split(/\n\s*\n/)
    .map(stanzaFields)
    .filter(fields => words((fields.get('types') ?? []).join(' ')).includes('deb'))
    .filter(
      fields => !/^(no|false|0|off|disable)$/i.test((fields.get('enabled') ?? []).join('').trim()),
    )
    .map(fields => {
      /** @param {string} name */
      const list = name => words((fields.get(name) ?? []).join(' '))
      const rest = [...fields]
        .filter(([name]) => !replaced.includes(name))
        .map(([name, lines]) =>
          `${titled(name)}: ${lines.join('\n')}`.replace(': \n', ':\n').trimEnd(),
        )
      return { uris: list('uris'), suites: list('suites'), components: list('components'), rest }
    })

/** @param {Source} a @param {Source} b */
const sharesUri = (a, b) => a.uris.some(uri => b.uris.includes(uri))

/**
 * The distribution's own archive among all sources: `codename main`, at best one that also serves
 * the suite `codename-updates` (third parties use the same suite name).
 * @param {readonly Source[]} sources
 * @param {string} codename
 * @returns {Source | undefined}
 */
export const mainArchive = (sources, codename) => {
  const candidates = sources.filter(
    source => source.suites.includes(codename) && source.components.includes('main'),
  )
  const updates = sources.filter(source => source.suites.includes(`${codename}-updates`))
  return (
    candidates.find(source => updates.some(other => sharesUri(source, other))) ??
    candidates.find(source => source.uris.some(uri => /\/debian\/?$/.test(uri))) ??
    candidates[0]
  )
}

/**
 * A deb822 source file for `codename-backports` at the distribution's own archive; undefined where
 * that suite is a source already, or no archive is found.
 * @param {readonly Source[]} sources
 * @param {string} codename
 * @returns {string | undefined}
 */
export const backportsSource = (sources, codename) => {
  const suite = `${codename}-backports`
  const archive = mainArchive(sources, codename)
  if (archive === undefined || sources.some(source => source.suites.includes(suite)))
    return undefined
  return [
    '# Written by the set-up of collapse for a newer Mesa; safe to remove.',
    'Types: deb',
    `URIs: ${archive.uris.join(' ')}`,
    `Suites: ${suite}`,
    'Components: main',
    ...archive.rest,
    '',
  ].join('\n')
}
