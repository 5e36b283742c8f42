import { decodeLoose } from '../text-encoding.ts'
import type { AttributeValue } from './attributes.ts'

/** csvde writes bytes as `X'0105...'`. */
const HEX = /^X'([0-9a-f]*)'$/i

/** Attributes whose values hold semicolons of their own, which no version escapes alike. */
const SINGLE: ReadonlySet<string> = new Set(['gplink', 'description', 'info', 'comment'])

/** The values in one cell of csvde: joined by `;`, a semicolon inside a value as `\;`, bytes in hexadecimal. */
export function splitCell(name: string, cell: string): AttributeValue[] {
  return (SINGLE.has(name) ? [cell] : splitUnescaped(cell)).flatMap((part) => {
    const text = part.replaceAll('\\;', ';').trim()
    if (text === '') return []
    const hex = HEX.exec(text)?.[1]
    if (hex === undefined) return [{ text }]
    const bytes = Buffer.from(hex, 'hex')
    return [{ text: decodeLoose(bytes), bytes }]
  })
}

/** By hand: a regular expression runs out of stack over a cell of some megabytes. */
function splitUnescaped(cell: string): string[] {
  const parts: string[] = []
  let start = 0
  for (let at = cell.indexOf(';'); at !== -1; at = cell.indexOf(';', at + 1)) {
    if (cell[at - 1] === '\\') continue
    parts.push(cell.slice(start, at))
    start = at + 1
  }
  parts.push(cell.slice(start))
  return parts
}
