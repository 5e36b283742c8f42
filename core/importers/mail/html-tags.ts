import { decodeEntities } from './entities.ts'

/** Text before the matching `>`: longer "tags" are not tags. */
const MAX_TAG = 65_536

export interface Tag {
  readonly name: string
  readonly isClosing: boolean
  readonly attributes: string
  readonly end: number
}

/** The tag that begins at the `<`, undefined when the `<` is only a character. */
export function readTag(html: string, less: number): Tag | undefined {
  const head = /^<(\/?)([a-z][a-z0-9:-]{0,40})/i.exec(html.slice(less, less + 48))
  if (head === null) {
    const isMarkup = /[!?/]/.test(html.charAt(less + 1))
    return isMarkup ? { name: '!', isClosing: true, attributes: '', end: skipTag(html, less) } : undefined
  }
  const end = tagEnd(html, less + head[0].length)
  return {
    name: (head[2] ?? '').toLowerCase(),
    isClosing: head[1] === '/',
    attributes: html.slice(less + head[0].length, end - 1),
    end,
  }
}

/** Position after the `>` that ends the tag, quotes respected; a tag that never ends stops after MAX_TAG characters. */
function tagEnd(html: string, from: number): number {
  const limit = Math.min(html.length, from + MAX_TAG)
  let quote = ''
  let afterEquals = false
  for (let at = from; at < limit; at++) {
    const character = html.charAt(at)
    if (quote !== '') {
      if (character === quote) quote = ''
    } else if (character === '>') return at + 1
    else if ((character === '"' || character === "'") && afterEquals) quote = character
    if (character !== ' ' && character !== '\n' && character !== '\r' && character !== '\t')
      afterEquals = character === '='
  }
  const plain = html.slice(from, limit).indexOf('>')
  return plain === -1 ? limit : from + plain + 1
}

/** Position after the next `>`. */
export function skipTag(html: string, less: number): number {
  const end = html.slice(less, less + MAX_TAG).indexOf('>')
  return end === -1 ? Math.min(html.length, less + MAX_TAG) : less + end + 1
}

/** Position of the end tag of an element whose content is no markup. */
export function skipRawText(html: string, from: number, name: string): number {
  const pattern = new RegExp(`</${name}`, 'gi')
  pattern.lastIndex = from
  const match = pattern.exec(html)
  return match === null ? html.length : match.index
}

const ATTRIBUTE = /([^\s=>"'/]+)(?:\s*=\s*(?:"([^"]*)"?|'([^']*)'?|([^\s>]*)))?/g

/** Attributes with a value, by lower-case name, the first of a name wins; references decoded. */
export function readAttributes(text: string): Map<string, string> {
  const attributes = new Map<string, string>()
  for (const match of text.matchAll(ATTRIBUTE)) {
    const name = (match[1] ?? '').toLowerCase()
    const value = match[2] ?? match[3] ?? match[4]
    if (value !== undefined && !attributes.has(name)) attributes.set(name, decodeEntities(value).trim())
  }
  return attributes
}
