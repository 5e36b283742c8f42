import ipaddr from 'ipaddr.js'
import { RE2JS } from 're2js'

/** Answers for the values of a field; null: the record has no such field, or it is empty. */
export type ValueTest = (values: readonly string[] | null) => boolean

/** A modifier or a value this engine does not evaluate; the rule is then told as unsupported, never half evaluated. */
export class Unsupported extends Error {
  readonly what: string
  constructor(what: string) {
    super(`unsupported: ${what}`)
    this.what = what
  }
}

type Scalar = string | number | boolean | null
const DASHES = ['-', '/', '–', '—', '―']
const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  lt: (a, b) => a < b,
  lte: (a, b) => a <= b,
  gt: (a, b) => a > b,
  gte: (a, b) => a >= b,
}
const KNOWN = new Set([
  ...['contains', 'startswith', 'endswith', 'all', 'cased', 'exists', 'neq', 'windash', 're', 'i', 'm', 's'],
  ...['base64', 'base64offset', 'utf16le', 'wide', 'utf16be', 'utf16', 'lt', 'lte', 'gt', 'gte', 'cidr'],
])

/**
 * The test of one `field|modifiers: value` of a Sigma rule (specification 2.1, modifiers; formats.md D5). Values of a list are
 * alternatives unless `all` stands among the modifiers; text is compared without case unless `cased`.
 * @throws Unsupported for modifiers that are not evaluated and values that cannot be
 */
export function valueTest(modifiers: readonly string[], value: unknown): ValueTest {
  for (const modifier of modifiers) if (!KNOWN.has(modifier)) throw new Unsupported(`|${modifier}`)
  const has = (modifier: string) => modifiers.includes(modifier)
  const values = (Array.isArray(value) ? value : [value]).map(toScalar)
  if (has('exists')) {
    const wanted = values[0] !== false
    return (found) => (found !== null) === wanted
  }
  const tests = values.map((one) => scalarTest(modifiers, one))
  const combined: ValueTest = has('all')
    ? (found) => tests.every((test) => test(found))
    : (found) => tests.some((test) => test(found))
  return has('neq') ? (found) => !combined(found) : combined
}

function toScalar(value: unknown): Scalar {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value as Scalar
  if (typeof value === 'bigint') return String(value)
  throw new Unsupported('a value that is no text, number or null')
}

function scalarTest(modifiers: readonly string[], value: Scalar): ValueTest {
  const has = (modifier: string) => modifiers.includes(modifier)
  if (value === null) return (found) => found === null || found.every((text) => text === '')
  const compare = Object.keys(COMPARE).find(has)
  if (compare !== undefined) {
    const limit = Number(value)
    const fits = COMPARE[compare]
    return (found) =>
      found?.some((text) => text.trim() !== '' && fits?.(toNumber(text), limit) === true) ?? false
  }
  const text = String(value)
  if (has('cidr')) return cidrTest(text)
  if (has('re'))
    return expressionTest(text, (has('i') ? 'i' : '') + (has('m') ? 'm' : '') + (has('s') ? 's' : ''))
  const isCased = has('cased')
  const where = has('contains') ? 'contains' : has('startswith') ? 'starts' : has('endswith') ? 'ends' : 'is'
  if (
    modifiers.some((one) => ['base64', 'base64offset', 'utf16le', 'wide', 'utf16be', 'utf16'].includes(one))
  ) {
    const encoded = encode(modifiers, text)
    const tests = encoded.map((one) => literalTest(one, where, true))
    return (found) => found?.some((own) => tests.some((test) => test(own))) ?? false
  }
  if (text === '') return (found) => found === null || found.every((own) => own === '')
  const written = has('windash') ? dashed(text) : [text]
  const tests = written.map((one) => patternTest(one, where, isCased))
  return (found) => found?.some((own) => tests.some((test) => test(own))) ?? false
}

/** `0x1a` and `26` are one number. */
const toNumber = (text: string): number => Number(text.trim())

function cidrTest(text: string): ValueTest {
  if (!ipaddr.isValidCIDR(text)) throw new Unsupported(`cidr ${text}`)
  const [network, bits] = ipaddr.parseCIDR(text)
  return (found) =>
    found?.some((own) => {
      if (own.length > 45 || !ipaddr.isValid(own)) return false
      const address = ipaddr.process(own)
      return address.kind() === network.kind() && address.match(network, bits)
    }) ?? false
}

function expressionTest(text: string, flags: string): ValueTest {
  let compiled: RE2JS
  try {
    compiled = RE2JS.compile(flags === '' ? text : `(?${flags})${text}`)
  } catch (thrown) {
    throw new Unsupported(`re: ${thrown instanceof Error ? thrown.message : text}`)
  }
  return (found) => found?.some((own) => compiled.matcher(own).find()) ?? false
}

type TextTest = (text: string) => boolean
type Where = 'is' | 'contains' | 'starts' | 'ends'

function literalTest(value: string, where: Where, isCased: boolean): TextTest {
  const wanted = isCased ? value : value.toLowerCase()
  const of = (text: string) => (isCased ? text : text.toLowerCase())
  if (where === 'contains') return (text) => of(text).includes(wanted)
  if (where === 'starts') return (text) => of(text).startsWith(wanted)
  if (where === 'ends') return (text) => of(text).endsWith(wanted)
  return (text) => of(text) === wanted
}

/**
 * A value with its wildcards: `*` any run of characters, `?` one. A backslash takes the meaning of a wildcard or of another
 * backslash away; before anything else it is itself (specification 2.1, "Escaping").
 */
function patternTest(value: string, where: Where, isCased: boolean): TextTest {
  const parts = splitWildcards(value)
  if (parts.every((part) => typeof part === 'string')) return literalTest(parts.join(''), where, isCased)
  // Wildcards at the ends only are the common case, and cost no expression.
  const inner = parts.slice(parts[0] === ANY_RUN ? 1 : 0, parts.at(-1) === ANY_RUN ? -1 : undefined)
  if (inner.every((part) => typeof part === 'string')) {
    const open = { start: parts[0] === ANY_RUN, end: parts.at(-1) === ANY_RUN }
    const atStart = open.start || where === 'contains' || where === 'ends'
    const atEnd = open.end || where === 'contains' || where === 'starts'
    const kind: Where = atStart && atEnd ? 'contains' : atStart ? 'ends' : atEnd ? 'starts' : 'is'
    return literalTest(inner.join(''), kind, isCased)
  }
  const body = parts
    .map((part) => (part === ANY_RUN ? '.*' : part === ANY_ONE ? '.' : RE2JS.quote(part as string)))
    .join('')
  const before = where === 'is' || where === 'starts' ? '^' : ''
  const after = where === 'is' || where === 'ends' ? '$' : ''
  const re = RE2JS.compile(`(?s${isCased ? '' : 'i'})${before}${body}${after}`)
  return (text) => re.matcher(text).find()
}

const ANY_RUN = Symbol('*')
const ANY_ONE = Symbol('?')
function splitWildcards(value: string): (string | symbol)[] {
  const parts: (string | symbol)[] = []
  let text = ''
  const flush = () => {
    if (text !== '') parts.push(text)
    text = ''
  }
  for (let at = 0; at < value.length; at += 1) {
    const sign = value.charAt(at)
    const next = value.charAt(at + 1)
    if (sign === '\\' && (next === '*' || next === '?' || next === '\\')) {
      text += next
      at += 1
    } else if (sign === '*' || sign === '?') {
      flush()
      if (sign === '?' || parts.at(-1) !== ANY_RUN) parts.push(sign === '*' ? ANY_RUN : ANY_ONE)
    } else text += sign
  }
  flush()
  return parts
}

/** Every way to write the dash of an option: at the beginning and behind a blank. */
function dashed(text: string): string[] {
  return DASHES.map((dash) => text.replace(/(^|\s)[-/](?=\w)/g, `$1${dash}`))
}

function encode(modifiers: readonly string[], text: string): string[] {
  let forms: Buffer[] = [Buffer.from(text, 'utf8')]
  for (const modifier of modifiers) {
    if (modifier === 'utf16le' || modifier === 'wide') forms = forms.map((one) => wide(one, false))
    else if (modifier === 'utf16be') forms = forms.map((one) => wide(one, true))
    else if (modifier === 'utf16')
      forms = forms.map((one) => Buffer.concat([Buffer.from([0xff, 0xfe]), wide(one, false)]))
    else if (modifier === 'base64') forms = forms.map((one) => Buffer.from(one.toString('base64'), 'latin1'))
    else if (modifier === 'base64offset') forms = forms.flatMap(offsets)
  }
  return forms.map((form) => form.toString('latin1'))
}
function wide(bytes: Buffer, isBig: boolean): Buffer {
  const out = Buffer.from(bytes.toString('utf8'), 'utf16le')
  return isBig ? out.swap16() : out
}
/** The three ways a text can lie in Base64, without the characters that its neighbours share. */
function offsets(bytes: Buffer): Buffer[] {
  const cut = [0, 2, 3]
  const cutEnd = [0, 3, 2]
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset, 0x20), bytes]).toString('base64')
    const tail = cutEnd[(bytes.length + offset) % 3] ?? 0
    return Buffer.from(encoded.slice(cut[offset], tail === 0 ? undefined : -tail), 'latin1')
  })
}
