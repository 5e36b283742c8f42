import { decodeWords } from 'postal-mime'

/** Neighbouring base64 words of one charset (RFC 2047, 2): clients cut characters of several bytes between them. */
const NEIGHBOURS = /=\?([^?\s]{1,60})\?b\?[a-z0-9+/=]*\?=(?:\s+=\?\1\?b\?[a-z0-9+/=]*\?=)+/gi
const CONTENT = /\?b\?([a-z0-9+/=]*)\?=/gi

/** Header text with its encoded words decoded; words that are none stay as written. */
export function decodeEncodedWords(text: string): string {
  if (!text.includes('=?')) return text
  const joined = text.replace(NEIGHBOURS, (words, charset: string) => {
    const pieces = [...words.matchAll(CONTENT)].map((match) => Buffer.from(match[1] ?? '', 'base64'))
    return `=?${charset}?B?${Buffer.concat(pieces).toString('base64')}?=`
  })
  return decodeWords(joined)
}
