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
  const keys = countKeys(value, 1)
  if (keys < 0) return { ok: false, problem: 'nesting' }
  if (LONG_NUMBER.test(text)) value = JSON.parse(text, keepLongIntegers)
  const duplicateKeys = countWrittenKeys(text) === keys ? [] : findDuplicates(text)
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

const LONG_NUMBER = /[:[,]\s*-?\d{16}/

function keepLongIntegers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  const source = context?.source
  return source !== undefined && /^-?\d+$/.test(source) ? source : value
}

/** Keys of all objects in the value; -1 when it nests too deep. */
function countKeys(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return 0
  if (depth > MAX_NESTING) return -1
  let count = 0
  const isArray = Array.isArray(value)
  for (const item of Object.values(value)) {
    if (!isArray) count += 1
    if (typeof item !== 'object' || item === null) continue
    const inside = countKeys(item, depth + 1)
    if (inside < 0) return -1
    count += inside
  }
  return count
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
