const PLACEHOLDERS = new Set([
  '',
  '-',
  'n/a',
  'null',
  '(null)',
  'null sid',
  's-1-0-0',
  '::',
  '0.0.0.0',
  'undefined',
])
const ZERO_GUID = /^\{?0{8}-0{4}-0{4}-0{4}-0{12}\}?$/

/** What stand-ins begin with: most texts are told by their first character alone. */
const FIRST_UNITS: ReadonlySet<number> = new Set(
  [...PLACEHOLDERS, '{0'].flatMap((text) => [text.charCodeAt(0), text.toUpperCase().charCodeAt(0)]),
)

/** The trimmed text, undefined where the source writes a stand-in for "no value" (formats.md section 0). */
export function present(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  if (trimmed.length > 38 || !FIRST_UNITS.has(trimmed.charCodeAt(0))) return trimmed
  if (PLACEHOLDERS.has(trimmed.toLowerCase()) || ZERO_GUID.test(trimmed)) return undefined
  return trimmed
}
