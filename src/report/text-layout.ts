// Plain text of fixed width: columns that line up and paragraphs that wrap.

/** One column: its heading, its side, and the cell of each row. */
export interface Column {
  readonly title: string
  readonly side: 'left' | 'right'
  readonly cells: ReadonlyArray<string>
}

/** The text cut to `width` characters, the last of them an ellipsis where it was longer. */
export const clip = (text: string, width: number): string => {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim()
  const characters = [...line]
  return characters.length <= width ? line : `${characters.slice(0, width - 1).join('')}…`
}

const pad = (text: string, width: number, side: Column['side']): string => {
  const space = ' '.repeat(Math.max(0, width - [...text].length))
  return side === 'left' ? text + space : space + text
}

/** Lines of a table: headings, a rule, one line a row; two spaces between columns, none at a line's end. */
export const columns = (list: ReadonlyArray<Column>): ReadonlyArray<string> => {
  const widths = list.map(({ title, cells }) =>
    Math.max(...[title, ...cells].map(text => [...text].length)),
  )
  const height = Math.max(0, ...list.map(({ cells }) => cells.length))
  const line = (cell: (column: Column) => string): string =>
    list
      .map((column, i) => pad(cell(column), widths[i] ?? 0, column.side))
      .join('  ')
      .trimEnd()
  return [
    line(({ title }) => title),
    widths.map(width => '─'.repeat(width)).join('  '),
    ...Array.from({ length: height }, (_, row) => line(({ cells }) => cells[row] ?? '')),
  ]
}

/** The words of a text in lines of at most `width` characters; a longer word is cut. */
export const wrap = (text: string, width: number): ReadonlyArray<string> => {
  const lines: Array<string> = []
  let line = ''
  for (const word of text.split(/\s+/).filter(part => part !== '')) {
    const longer = line === '' ? word : `${line} ${word}`
    if ([...longer].length > width && line !== '') lines.push(line)
    line = clip([...longer].length > width ? word : longer, width)
  }
  return line === '' ? lines : [...lines, line]
}
