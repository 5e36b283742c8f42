/** A JSON object of evidence. Read with {@link member}, never by spreading or assigning its keys. */
export type JsonObject = { readonly [key: string]: unknown }

/** What was parsed, and what a plain `JSON.parse` would have hidden. */
export type ParsedJson =
  | { readonly ok: true; readonly value: JsonObject; readonly duplicateKeys: readonly string[] }
  | { readonly ok: false; readonly problem: 'syntax' | 'not_object' | 'nesting' }

/** Real events nest below ten; a record of a million brackets would exhaust the stack of whoever walks it. */
const MAX_NESTING = 64

/**
 * Parses one JSON object. Integers beyond 2^53 stay text (record numbers, keywords, FILETIME), keys that occur twice
 * in one object are named instead of silently losing the first.
 */
export function parseObject(text: string): ParsedJson {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    if (error instanceof RangeError) return { ok: false, problem: 'nesting' }
    if (!(error instanceof SyntaxError)) throw error
    return { ok: false, problem: 'syntax' }
  }
  if (!isObject(value)) return { ok: false, problem: 'not_object' }
  const census: Census = { keys: 0, longNumbers: 0, holder: undefined, key: '' }
  if (!takeCensus(value, 1, census)) return { ok: false, problem: 'nesting' }
  if (census.longNumbers > 0 && !keepOneLongInteger(text, census)) value = JSON.parse(text, keepLongIntegers)
  const duplicateKeys = countWrittenKeys(text) === census.keys ? [] : findDuplicates(text)
  return { ok: true, value: value as JsonObject, duplicateKeys }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An own member: names of evidence such as `constructor` never reach Object.prototype. */
export function member(object: unknown, key: string): unknown {
  return isObject(object) && Object.hasOwn(object, key) ? object[key] : undefined
}

/** A scalar as text; undefined for null, objects and arrays. */
export function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

function keepLongIntegers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  const source = context?.source
  return source !== undefined && /^-?\d+$/.test(source) ? source : value
}

/** What one walk through a parsed value finds. */
interface Census {
  /** Keys of all objects. */
  keys: number
  /** Integers a double cannot hold exactly. */
  longNumbers: number
  /** The object with the last of them, and its key there. */
  holder: Record<string, unknown> | undefined
  key: string
}

/** False when the value nests too deep. */
function takeCensus(value: object, depth: number, census: Census): boolean {
  if (depth > MAX_NESTING) return false
  if (Array.isArray(value)) {
    for (const item of value as unknown[]) {
      if (typeof item === 'number') countLong(item, undefined, '', census)
      else if (typeof item === 'object' && item !== null && !takeCensus(item, depth + 1, census)) return false
    }
    return true
  }
  const object = value as Record<string, unknown>
  for (const key in object) {
    census.keys += 1
    const item = object[key]
    if (typeof item === 'number') countLong(item, object, key, census)
    else if (typeof item === 'object' && item !== null && !takeCensus(item, depth + 1, census)) return false
  }
  return true
}
function countLong(value: number, holder: Census['holder'], key: string, census: Census): void {
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return
  census.longNumbers += 1
  census.holder = holder
  census.key = key
}

const PLAIN_NAME = /^\w+$/
/** An integer of 16 digits or more, with what must follow a number. */
const LONG_INTEGER = /\s*(-?\d{16,})(?=\s*[,}])/y

/**
 * Most events with a long integer have one (`Keywords`): its digits are taken from the text, which saves a second parse
 * with a callback for every value. False when it is not as simple as that. In valid JSON a quoted name behind `{`, `,`
 * or white space and before a colon is a key: inside a string that quote would be escaped.
 */
function keepOneLongInteger(text: string, { longNumbers, holder, key }: Census): boolean {
  if (longNumbers !== 1 || holder === undefined || !PLAIN_NAME.test(key) || key === '__proto__') return false
  const quoted = `"${key}":`
  const at = text.indexOf(quoted)
  if (at < 1 || !'{, \t\r\n'.includes(text[at - 1]!) || text.includes(quoted, at + 1)) return false
  LONG_INTEGER.lastIndex = at + quoted.length
  const digits = LONG_INTEGER.exec(text)?.[1]
  if (digits === undefined || Number(digits) !== holder[key]) return false
  holder[key] = digits
  return true
}

/** In valid JSON a string followed by a colon is a key, and nothing else is. */
function countWrittenKeys(text: string): number {
  let count = 0
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) {
    at = endOfString(text, at)
    if (isColonNext(text, at)) count += 1
  }
  return count
}
/** Index of the quote that closes the string opened at `at`. */
function endOfString(text: string, at: number): number {
  let end = text.indexOf('"', at + 1)
  while (end !== -1) {
    let backslashes = 0
    while (text.charCodeAt(end - 1 - backslashes) === 0x5c) backslashes += 1
    if (backslashes % 2 === 0) return end
    end = text.indexOf('"', end + 1)
  }
  return text.length
}
function isColonNext(text: string, quote: number): boolean {
  let at = quote + 1
  while (text.charCodeAt(at) <= 0x20) at += 1
  return text.charCodeAt(at) === 0x3a
}

/** Names written twice in the same object, in order of their second appearance. */
function findDuplicates(text: string): string[] {
  const duplicates = new Set<string>()
  const scopes: Set<string>[] = []
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === 0x7b) scopes.push(new Set())
    else if (unit === 0x7d) scopes.pop()
    else if (unit === 0x22) {
      const end = endOfString(text, at)
      if (isColonNext(text, end)) {
        const key = JSON.parse(text.slice(at, end + 1)) as string
        const scope = scopes.at(-1)
        if (scope?.has(key)) duplicates.add(key)
        scope?.add(key)
      }
      at = end
    }
  }
  return [...duplicates]
}
