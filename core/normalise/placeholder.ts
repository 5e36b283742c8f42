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

/** The trimmed text, undefined where the source writes a stand-in for "no value" (formats.md section 0). */
export function present(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const trimmed = text.trim()
  if (trimmed.length > 38) return trimmed
  if (PLACEHOLDERS.has(trimmed.toLowerCase()) || ZERO_GUID.test(trimmed)) return undefined
  return trimmed
}
