/** A list of indicators is small; a table of a gigabyte is evidence and goes another way. */
const MAX_ROWS = 200_000

/**
 * Rows of a small table (RFC 4180: quotes, doubled quotes, line breaks inside quotes); the delimiter is the one of `,` `;` tab
 * that stands most in the first line.
 */
export function splitRows(text: string): string[][] {
  const source = text.replace(/^\ufeff/, '')
  const [firstLine = ''] = source.split(/\r\n|\r|\n/, 1)
  const delimiter = [',', ';', '\t'].reduce((best, one) =>
    firstLine.split(one).length > firstLine.split(best).length ? one : best,
  )
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let isQuoted = false
  const endRow = () => {
    row.push(cell)
    cell = ''
    if (row.length > 1 || row[0] !== '') rows.push(row)
    row = []
  }
  for (let at = 0; at < source.length && rows.length < MAX_ROWS; at += 1) {
    const sign = source.charAt(at)
    if (isQuoted) {
      if (sign !== '"') cell += sign
      else if (source.charAt(at + 1) === '"') {
        cell += '"'
        at += 1
      } else isQuoted = false
    } else if (sign === '"' && cell.trim() === '') {
      isQuoted = true
      cell = ''
    } else if (sign === delimiter) {
      row.push(cell)
      cell = ''
    } else if (sign === '\n') endRow()
    else if (sign !== '\r') cell += sign
  }
  endRow()
  return rows
}
