import { decodeLoose } from '../text-bytes.ts'
import type { AttributeValue } from './attributes.ts'

/** csvde writes bytes as `X'0105...'`. */
const HEX = /^X'((?:[0-9a-f]{2})*)'$/i

/** Attributes whose values hold semicolons of their own, which no version escapes alike. */
const SINGLE: ReadonlySet<string> = new Set(['gplink', 'description', 'info', 'comment'])

/** The values in one cell of csvde: joined by `;`, a semicolon inside a value as `\;`, bytes in hexadecimal. */
export function splitCell(name: string, cell: string): AttributeValue[] {
  const parts = SINGLE.has(name) ? [cell] : (cell.match(/(?:\\;|[^;])+/g) ?? [])
  return parts.flatMap((part) => {
    const text = part.replaceAll('\\;', ';').trim()
    if (text === '') return []
    const hex = HEX.exec(text)?.[1]
    if (hex === undefined) return [{ text }]
    const bytes = Buffer.from(hex, 'hex')
    return [{ text: decodeLoose(bytes), bytes }]
  })
}
