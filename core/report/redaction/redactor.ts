import { createHmac } from 'node:crypto'
import ipaddr from 'ipaddr.js'
import type { Redaction, RedactionCount } from '../../contract/nouns/report.ts'
import type { MethodName } from '../../contract/methods.ts'
import type { ResultOf } from '../../contract/types.ts'
import { fold, type Folded } from './fold.ts'
import { NameTrie } from './name-trie.ts'
import type { Hidden } from './names.ts'

type Kind = RedactionCount['kind']
const PREFIX: Readonly<Record<Kind, string>> = {
  user: 'USER',
  endpoint: 'HOST',
  address: 'ADDR',
  domain: 'DOMAIN',
  term: 'TERM',
  encoded: 'ENCODED',
}
/** No I, L, O, U: read aloud and typed without mistakes (Crockford). */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const LENGTH = 6

const IPV4 = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]*\d)/g
const IPV6 = /(?<![0-9a-f:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?:\.\d{1,3}){0,3}(?![0-9a-f:])/g
const MAIL = /[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu
/** Base64 of a name in a link or a command (`-EncodedCommand` is UTF-16). */
const BASE64 = /[A-Za-z0-9+/_-]{12,}={0,2}/g
/** What in a path of Windows looks like an escape of JSON. */
const DOUBTFUL = /\\[ux][0-9a-f]{2}/i
/** A tab or line break in JSON, before whatever follows; in a path the first letter of a name. */
const MAYBE_BREAK = /\\[tnrbf]/
const INSIDE: ReadonlySet<string> = new Set(['private', 'uniqueLocal', 'carrierGradeNat', 'linkLocal'])

/** Words of ours that reports decide by; names of people and machines never stand under these keys. */
const OURS: ReadonlySet<string> = new Set([
  'id', 'key', 'kind', 'type', 'rule', 'code', 'relation', 'status', 'state', 'level', 'format', 'rating',
  'relationId', 'evidenceId', 'urlId', 'entityId', 'sha256', 'sha1', 'md5', 'hash', 'auditHead', 'caseId',
  'at', 'firstAt', 'lastAt', 'startAt', 'endAt', 'zone', 'action', 'nodeClass', 'direction',
]) // prettier-ignore
const CODE = /^[\w.:+/-]*$/
/** Goes back to the engine as it came. */
const CURSOR = 'next'

interface Replacement {
  readonly kind: Kind
  readonly pseudonym: string
  original: string
  count: number
}
interface Span {
  readonly from: number
  readonly to: number
  readonly by: number
}

/**
 * Replaces names by pseudonyms. A pseudonym follows from the name and a secret that the case keeps: the same in every report of
 * the case, and nobody who has only reports can try names against it.
 */
export class Redactor {
  readonly #trie = new NameTrie()
  readonly #replacements: Replacement[] = []
  readonly #byKey = new Map<string, number>()
  readonly #taken = new Map<string, string>()
  readonly #secret: string
  readonly #rules: Redaction
  readonly #known = new Map<Kind, number>()

  constructor(rules: Redaction, hidden: readonly Hidden[], secret: string) {
    this.#rules = rules
    this.#secret = secret
    for (const term of rules.terms) this.#trie.add(term, this.#number('term', term.toLowerCase(), term), true)
    for (const one of hidden) {
      const number = this.#number(one.kind, one.key, one.names[0] ?? one.key)
      for (const name of one.names) this.#trie.add(name, number, false)
    }
    for (const { kind } of this.#replacements) this.#known.set(kind, (this.#known.get(kind) ?? 0) + 1)
  }

  #number(kind: Kind, key: string, original: string): number {
    const whole = `${kind} ${key}`
    const known = this.#byKey.get(whole)
    if (known !== undefined) return known
    const number = this.#replacements.length
    this.#byKey.set(whole, number)
    this.#replacements.push({ kind, original, pseudonym: this.#pseudonym(kind, whole), count: 0 })
    return number
  }

  #pseudonym(kind: Kind, whole: string): string {
    const digest = createHmac('sha256', this.#secret).update(whole, 'utf8').digest()
    const letters = [...digest].map((byte) => ALPHABET[byte % ALPHABET.length] ?? '').join('')
    // Two names that begin alike get longer pseudonyms, the second of them.
    for (let length = LENGTH; length < letters.length; length += 2) {
      const made = `${PREFIX[kind]}-${letters.slice(0, length)}`
      const owner = this.#taken.get(made)
      if (owner === undefined || owner === whole) {
        this.#taken.set(made, whole)
        return made
      }
    }
    throw new Error('no pseudonym is free')
  }

  /** A text without the names. */
  clean(text: string): string {
    if (text.length < 2) return text
    const spans = [...this.#read(text), ...this.#encoded(text)]
    if (spans.length === 0) return text
    spans.sort((a, b) => a.from - b.from || b.to - a.to)
    let clean = ''
    let at = 0
    for (const { from, to, by } of spans) {
      if (from < at) continue
      const replacement = this.#replacements[by]
      if (replacement === undefined) continue
      replacement.count += 1
      clean += text.slice(at, from) + replacement.pseudonym
      at = to
    }
    return clean + text.slice(at)
  }

  /** Names and addresses, however the backslashes of the text are meant. */
  *#read(text: string): Generator<Span> {
    const folded = fold(text)
    yield* this.#names(folded)
    yield* this.#addresses(folded)
    if (DOUBTFUL.test(text)) yield* this.#names(fold(text, 'plain'))
    if (!MAYBE_BREAK.test(text)) return
    const broken = fold(text, 'breaks')
    yield* this.#names(broken)
    yield* this.#addresses(broken)
  }

  *#names(folded: Folded): Generator<Span> {
    for (const { name, from, to } of this.#trie.find(folded))
      yield { from: folded.from[from] ?? 0, to: folded.to[to - 1] ?? 0, by: name }
  }

  *#addresses({ characters, from, to }: Folded): Generator<Span> {
    const { addresses } = this.#rules
    if (addresses === 'none') return
    // Folded characters may be pairs: places in the joined text are turned back into places of characters.
    const text = characters.map((character) => (character.length === 1 ? character : '\uFFFD')).join('')
    for (const pattern of [MAIL, IPV4, IPV6])
      for (const match of text.matchAll(pattern)) {
        const [found] = match
        if (pattern === MAIL ? addresses !== 'all' : !this.#hides(found)) continue
        yield {
          from: from[match.index] ?? 0,
          to: to[match.index + found.length - 1] ?? 0,
          by: this.#number('address', found, found),
        }
      }
  }

  #hides(address: string): boolean {
    if (!ipaddr.isValid(address) || /^[:0]+$/.test(address)) return false
    const range = ipaddr.process(address).range()
    if (range === 'loopback' || range === 'unspecified') return false
    return this.#rules.addresses === 'all' || INSIDE.has(range)
  }

  /** A run of Base64 that hides a name inside goes as a whole. */
  *#encoded(text: string): Generator<Span> {
    for (const match of text.matchAll(BASE64)) {
      const [run] = match
      if (!readingsOf(run).some((reading) => this.#holdsName(reading))) continue
      yield {
        from: match.index,
        to: match.index + run.length,
        by: this.#number('encoded', run, run.slice(0, 60)),
      }
    }
  }

  #holdsName(reading: string): boolean {
    return !this.#read(reading).next().done
  }

  /** An answer of the engine without the names in any of its texts; words that the report decides by stay. */
  cleanAnswer<M extends MethodName>(answer: ResultOf<M>): ResultOf<M> {
    return this.#cleanValue(answer, '') as ResultOf<M>
  }

  #cleanValue(value: unknown, key: string): unknown {
    if (typeof value === 'string')
      return key === CURSOR || (OURS.has(key) && CODE.test(value)) ? value : this.clean(value)
    if (Array.isArray(value)) return value.map((one: unknown) => this.#cleanValue(one, key))
    if (value === null || typeof value !== 'object') return value
    // Keys of evidence may be anything: a null prototype takes them all as keys.
    const clean = Object.create(null) as Record<string, unknown>
    for (const [name, one] of Object.entries(value)) clean[this.#cleanKey(name)] = this.#cleanValue(one, name)
    return clean
  }
  #cleanKey(name: string): string {
    return CODE.test(name) ? name : this.clean(name)
  }

  counts(): { rules: { kind: Kind; known: number; replaced: number }[]; rows: RedactionCount[] } {
    const kinds = Object.keys(PREFIX) as Kind[]
    const used = this.#replacements.filter(({ count }) => count > 0)
    return {
      rules: kinds.map((kind) => ({
        kind,
        known: this.#known.get(kind) ?? 0,
        replaced: used.filter((one) => one.kind === kind).reduce((sum, one) => sum + one.count, 0),
      })),
      rows: used
        .map(({ kind, original, pseudonym, count }) => ({ kind, original, pseudonym, count }))
        .sort((a, b) => b.count - a.count || (a.pseudonym < b.pseudonym ? -1 : 1)),
    }
  }
}

/** Texts a run of Base64 may stand for: it may begin in the middle of a word, and hold one or two bytes per letter. */
function readingsOf(run: string): readonly string[] {
  const readings: string[] = []
  for (let skip = 0; skip < 4; skip += 1) {
    const bytes = Buffer.from(run.slice(skip), 'base64')
    const printable = bytes.filter(
      (byte) => byte === 0 || (byte >= 0x20 && byte < 0x7f) || byte >= 0xc2,
    ).length
    if (printable < bytes.length * 0.7) continue
    readings.push(bytes.toString('utf8'))
    if (bytes.includes(0)) readings.push(bytes.toString('utf16le'), bytes.subarray(1).toString('utf16le'))
  }
  return readings
}

/** Whether the rules hide anything at all. */
export const hidesSomething = (rules: Redaction): boolean =>
  rules.users || rules.endpoints || rules.addresses !== 'none' || rules.terms.length > 0
