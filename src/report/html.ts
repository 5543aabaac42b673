// HTML as text that cannot be injected into: every value in a template is escaped unless it is HTML itself.

/** A piece of HTML that was built by `html` or vouched for by `raw`. */
export interface Html {
  readonly _tag: 'Html'
  readonly text: string
}

/** What may stand in a template: text and numbers are escaped, HTML and lists of it are not. */
export type Part = string | number | Html | ReadonlyArray<Html>

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text for an element's content or a quoted attribute. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, c => entities[c] ?? c)

/** HTML from text that this program wrote itself. */
export const raw = (text: string): Html => ({ _tag: 'Html', text })

const write = (part: Part): string => {
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part))
  return '_tag' in part ? part.text : part.map(({ text }) => text).join('')
}

/** A template tag: html`<p>${text}</p>`. */
export const html = (strings: TemplateStringsArray, ...parts: ReadonlyArray<Part>): Html =>
  raw(strings.map((text, i) => (i < parts.length ? text + write(parts[i] ?? '') : text)).join(''))
