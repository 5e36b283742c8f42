import { decodeEncodedWords } from '../../normalise/encoded-words.ts'
import { decodeText } from './charset.ts'

/** Parameters of one structured header; a crafted one can hold thousands. */
const MAX_PARAMETERS = 100

export interface StructuredValue {
  /** Lower case, without parameters. */
  readonly value: string
  readonly parameters: ReadonlyMap<string, string>
}

/** One `name=value` or `name="value"`; linear, without nested repetition. */
const PARAMETER = /;\s*([^\s=;]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))/gs

/**
 * Parses Content-Type and Content-Disposition (RFC 2045, 5.1) with continued and encoded parameters (RFC 2231) and, as
 * clients write them against the rules, encoded words.
 */
export function parseStructured(header: string): StructuredValue {
  const semicolon = header.indexOf(';')
  const value = (semicolon === -1 ? header : header.slice(0, semicolon))
    .replace(/\([^()]*\)/g, '')
    .trim()
    .toLowerCase()
  const plain = new Map<string, string>()
  const pieces = new Map<string, { index: number; text: string; isEncoded: boolean }[]>()
  let count = 0
  if (semicolon !== -1)
    for (const match of header.slice(semicolon).matchAll(PARAMETER)) {
      if (++count > MAX_PARAMETERS) break
      const name = (match[1] ?? '').toLowerCase()
      const text = match[2] !== undefined ? match[2].replace(/\\(.)/gs, '$1') : (match[3] ?? '').trim()
      const split = /^([^*]+)(?:\*(\d{1,3}))?(\*)?$/.exec(name)
      const base = split?.[1] ?? name
      if (split === null || (split[2] === undefined && split[3] === undefined)) {
        if (!plain.has(base)) plain.set(base, decodeEncodedWords(text))
        continue
      }
      const list = pieces.get(base) ?? []
      list.push({ index: Number(split[2] ?? 0), text, isEncoded: split[3] !== undefined })
      pieces.set(base, list)
    }
  for (const [name, list] of pieces) plain.set(name, joinPieces(list))
  return { value, parameters: plain }
}

function joinPieces(pieces: { index: number; text: string; isEncoded: boolean }[]): string {
  let charset: string | undefined
  const bytes = pieces
    .sort((a, b) => a.index - b.index)
    .map((piece, position) => {
      if (!piece.isEncoded) return Buffer.from(piece.text, 'utf8')
      let text = piece.text
      const marked = position === 0 ? /^([^']*)'[^']*'(.*)$/s.exec(text) : null
      if (marked !== null) {
        charset = marked[1]
        text = marked[2] ?? ''
      }
      return Buffer.from(unescapeOctets(text), 'latin1')
    })
  return decodeText(Buffer.concat(bytes), charset)
}

const unescapeOctets = (text: string): string =>
  Buffer.from(text, 'utf8')
    .toString('latin1')
    .replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
