// What every page must be: one file that fetches nothing and runs nothing, well formed, named for those who do not see.
import type { Test } from 'uvu'
import * as assert from 'uvu/assert'

/** What a pattern's first group finds, in order. */
export const all = (text: string, pattern: RegExp): ReadonlyArray<string> =>
  [...text.matchAll(pattern)].map(([, found]) => found ?? '')

const paper = 'https://arxiv.org/abs/2212.12206'

/** Adds the tests of a page with at least so many named pictures. */
export const checkForm = (form: Test, page: string, pictures: number): void => {
  form('fetches nothing: its only address is the link to the paper', () => {
    assert.equal(all(page, /(https?:[^\s"'<>)]*)/g), [paper])
    assert.equal(all(page, /\s(?:src|href|action|data|poster|srcset|xlink:href)="([^"]*)"/g), [
      paper,
    ])
    assert.equal(all(page, /(url\(|@import|<link|<iframe|<object|<embed|<base)/gi), [])
  })
  form('runs nothing', () => {
    assert.equal(all(page, /(<script|javascript:|\son[a-z]+=)/gi), [])
  })
  form('opens and closes every element, but for those that are empty', () => {
    const open: Array<string> = []
    for (const [, slash, name = '', end] of page.matchAll(
      /<(\/?)([a-z][a-z0-9]*)\b(?:"[^"]*"|[^">])*?(\/?)>/gi,
    )) {
      if (end === '/' || name === 'meta' || name === 'wbr') continue
      if (slash === '/') assert.is(open.pop(), name)
      else open.push(name)
    }
    assert.equal(open, [])
  })
  form('has a title', () => {
    assert.match(page, /<title>[^<]{10,}<\/title>/)
  })
  form('names every picture for those who do not see it', () => {
    const named = all(page, /<svg ([^>]*)>/g)
    assert.ok(named.filter(attributes => attributes.startsWith('role')).length >= pictures)
    for (const attributes of named)
      assert.match(attributes, /^role="img" aria-label="[^"]{20,}"|aria-hidden="true"/)
  })
  form('gives no id twice', () => {
    const ids = all(page, /\sid="([^"]*)"/g)
    assert.is(new Set(ids).size, ids.length)
  })
  form('defines every colour that it uses, in both themes', () => {
    const used = new Set(all(page, /var\((--[a-z0-9-]+)\)/g))
    const [light = '', dark = ''] = all(page, /:root\{([^}]*)\}/g)
    for (const name of used) {
      assert.ok(light.includes(`${name}:`), `${name} in light`)
      assert.ok(dark.includes(`${name}:`), `${name} in dark`)
    }
  })
}
