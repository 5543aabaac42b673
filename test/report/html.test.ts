// The template tag: text is escaped, HTML is not, lists are joined.
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { escapeHtml, html, raw } from '../../src/report/html.ts'

const tag = suite('html')
tag('escapes text and numbers, keeps HTML, joins lists', () => {
  assert.is(
    html`<p title="${'"a"'}">${'<b>'} & ${3}</p>`.text,
    '<p title="&quot;a&quot;">&lt;b&gt; & 3</p>',
  )
  assert.is(html`${raw('<i>')}${[html`<b>${'&'}</b>`, raw('<u>')]}`.text, '<i><b>&amp;</b><u>')
  assert.is(html``.text, '')
})
tag('lets no text open an element or end an attribute, and loses none of it', () => {
  const back: ReadonlyArray<readonly [RegExp, string]> = [
    [/&lt;/g, '<'],
    [/&gt;/g, '>'],
    [/&quot;/g, '"'],
    [/&#39;/g, "'"],
    [/&amp;/g, '&'],
  ]
  const text = fc.string({
    unit: fc.constantFrom('<', '>', '&', '"', "'", 'a', ';', '#', 'l', 't'),
  })
  fc.assert(
    fc.property(text, value => {
      const escaped = escapeHtml(value)
      assert.not.match(escaped, /[<>"']/)
      assert.is(
        back.reduce((rest, [from, to]) => rest.replace(from, to), escaped),
        value,
      )
    }),
  )
})
tag.run()
