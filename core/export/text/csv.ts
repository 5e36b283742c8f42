import { flatText } from './safe-text.ts'

/**
 * Spreadsheets take a cell that begins with one of these for a formula, also behind blanks and in their full-width forms
 * (OWASP, CSV injection; trust.md H8), and evidence is written by attackers.
 */
const FORMULA = /^[\s\u2400-\u2421"']*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/u
/** A number is no formula: `-5` stays one. */
const NUMBER = /^-?\d{1,15}(?:\.\d{1,15})?$/

/**
 * One cell (RFC 4180): an apostrophe before what a spreadsheet would compute, controls made visible, quoted where needed. Reading
 * it back: take one apostrophe off where a sign of a formula follows.
 */
export function cell(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'string') return String(value)
  const flat = flatText(value)
  const safe = FORMULA.test(flat) && !NUMBER.test(flat) ? `'${flat}` : flat
  return /[",;'\t]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** One line of a table, with its line end. */
export const csvLine = (cells: readonly (string | number | boolean | null | undefined)[]): string =>
  `${cells.map(cell).join(',')}\r\n`
