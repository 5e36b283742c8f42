import { isObject, scalarText } from '../json/parse-object.ts'

/** A part begins with a short name; anything else continues the part before it. */
const NAMED = /^\s*([A-Za-z_][\w .#()[\]-]{0,59}?): ?(.*)$/s
/** What stands before the first name, such as the count of a correlation rule. */
const UNNAMED = 'Details'
/** One event has some dozens of fields; a crafted cell of separators must not become a million. */
const MAX_PARTS = 500

/**
 * Details, ExtraFieldInfo and AllFieldInfo by name: an object in JSON, `Name: value ¦ Name: value` in CSV (U+00A6; tabs
 * or line breaks by option). A piece that does not begin with a name belongs to the value before it, whose text held the
 * separator.
 */
export function readDetails(value: unknown): Map<string, string> {
  const found = new Map<string, string>()
  if (isObject(value)) {
    for (const [name, inner] of Object.entries(value)) {
      const text = Array.isArray(inner)
        ? inner.map((one) => scalarText(one) ?? JSON.stringify(one)).join('\n')
        : (scalarText(inner) ?? '')
      if (text !== '') found.set(name, text)
    }
    return found
  }
  const text = scalarText(value)
  if (text === undefined) return found
  const separator = text.includes('¦') ? ' ¦ ' : text.includes('\t') ? '\t' : /\r?\n/
  let name = ''
  for (const part of text.split(separator, MAX_PARTS)) {
    const match = NAMED.exec(part)
    if (match?.[1] !== undefined) {
      name = match[1].trim()
      if (!found.has(name)) found.set(name, match[2]?.trim() ?? '')
    } else if (name !== '') found.set(name, `${found.get(name) ?? ''} ¦ ${part}`)
    else if (part.trim() !== '') found.set((name = UNNAMED), part.trim())
  }
  return found
}
