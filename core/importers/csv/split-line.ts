const QUOTE = '"'

/** Cells of one row, and whether its quotation marks were in order. */
export interface SplitLine {
  readonly cells: string[]
  readonly isOdd: boolean
}

/**
 * Splits one row into cells (RFC 4180): a cell in quotation marks may hold delimiters, line breaks and doubled quotation
 * marks. A row that makes no sense so is read as of a tool that writes `\"` (Python's `csv` without `doublequote`, MySQL's
 * `ESCAPED BY`), then with `\"` understood only where that cannot be the end of the cell. A quotation mark that stands where
 * none should is kept as text, and so is a cell that is never closed.
 */
export function splitLine(text: string, delimiter: string): SplitLine {
  if (!text.includes(QUOTE)) return { cells: text.split(delimiter), isOdd: false }
  const cells = splitStrictly(text, delimiter) ?? splitEscaped(text, delimiter)
  return cells === undefined ? splitLoosely(text, delimiter) : { cells, isOdd: false }
}

/**
 * By the letter of RFC 4180, where a backslash means nothing: JSON inside a cell writes `\""` for its own `\"`.
 * @returns undefined when any quotation mark stands where it may not
 */
export function splitStrictly(text: string, delimiter: string): string[] | undefined {
  return splitQuoted(text, delimiter, doubledEnd, undouble)
}

/** The same where a quotation mark behind an odd number of backslashes is text: in `"say \"hi\", ok"` no cell ends. */
function splitEscaped(text: string, delimiter: string): string[] | undefined {
  return text.includes('\\"') ? splitQuoted(text, delimiter, escapedEnd, unescape) : undefined
}

/**
 * @param endOf place of the quotation mark that ends the cell whose text begins at a place; -1 when there is none
 * @param toText what the text between the quotation marks stands for
 * @returns undefined when any quotation mark stands where it may not
 */
function splitQuoted(
  text: string,
  delimiter: string,
  endOf: (text: string, from: number) => number,
  toText: (inner: string) => string,
): string[] | undefined {
  const cells: string[] = []
  for (let at = 0; ;) {
    if (text[at] !== QUOTE) {
      const end = text.indexOf(delimiter, at)
      const cell = end === -1 ? text.slice(at) : text.slice(at, end)
      if (cell.includes(QUOTE)) return undefined
      cells.push(cell)
      if (end === -1) return cells
      at = end + 1
      continue
    }
    const end = endOf(text, at + 1)
    const next = text[end + 1]
    if (end === -1 || (next !== undefined && next !== delimiter)) return undefined
    cells.push(toText(text.slice(at + 1, end)))
    if (next === undefined) return cells
    at = end + 2
  }
}

const undouble = (inner: string): string => inner.replaceAll('""', QUOTE)

function doubledEnd(text: string, from: number): number {
  let end = text.indexOf(QUOTE, from)
  while (end !== -1 && text[end + 1] === QUOTE) end = text.indexOf(QUOTE, end + 2)
  return end
}

function escapedEnd(text: string, from: number): number {
  for (let end = text.indexOf(QUOTE, from); end !== -1;) {
    if (isEscaped(text, from, end)) end = text.indexOf(QUOTE, end + 1)
    else if (text[end + 1] === QUOTE) end = text.indexOf(QUOTE, end + 2)
    else return end
  }
  return -1
}

/** Whether an odd number of backslashes stands before the place, within its cell. */
function isEscaped(text: string, start: number, place: number): boolean {
  let first = place
  while (first > start && text[first - 1] === '\\') first -= 1
  return (place - first) % 2 === 1
}

/** What is left: `\"` of tools that know no better, and quotation marks out of order. */
function splitLoosely(text: string, delimiter: string): SplitLine {
  const cells: string[] = []
  let isOdd = false
  let at = 0
  for (;;) {
    if (text[at] !== QUOTE) {
      const end = text.indexOf(delimiter, at)
      const cell = end === -1 ? text.slice(at) : text.slice(at, end)
      if (cell.includes(QUOTE)) isOdd = true
      cells.push(cell)
      if (end === -1) return { cells, isOdd }
      at = end + 1
      continue
    }
    const end = closingQuote(text, at + 1, delimiter)
    const inner = text.slice(at + 1, end === -1 ? undefined : end)
    const cell = unescape(inner)
    isOdd ||= end === -1 || !isClean(inner)
    cells.push(cell)
    if (end === -1) return { cells, isOdd: true }
    at = end + 1
    if (at >= text.length) return { cells, isOdd }
    at += 1
    if (at === text.length) {
      cells.push('')
      return { cells, isOdd }
    }
  }
}

/**
 * Place of the quotation mark that ends a cell: the last of an odd run before a delimiter or the end of the row; also of an
 * even run behind a backslash, which is one escaped with it and one that closes.
 */
function closingQuote(text: string, from: number, delimiter: string): number {
  for (let at = text.indexOf(QUOTE, from); at !== -1; at = text.indexOf(QUOTE, at)) {
    let after = at + 1
    while (text[after] === QUOTE) after += 1
    const next = text[after]
    const mayClose = (after - at) % 2 === 1 || text[at - 1] === '\\'
    if (mayClose && (next === undefined || next === delimiter)) return after - 1
    at = after
  }
  return -1
}

/** Inside a cell, quotation marks come in pairs or behind a backslash. */
const isClean = (inner: string): boolean => !inner.replaceAll('""', '').replaceAll('\\"', '').includes(QUOTE)

const unescape = (inner: string): string =>
  inner.includes(QUOTE) ? inner.replaceAll('""', QUOTE).replaceAll('\\"', QUOTE) : inner
