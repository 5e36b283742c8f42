import type { PackRejectedUnit } from './pack-reader.ts'

/** What is kept of a rejected entry to be looked at. */
const MAX_TEXT = 300

/** @param raw the line, or the entry of a JSON document */
export function rejected(line: number, raw: unknown, isCut = false): PackRejectedUnit {
  const text = typeof raw === 'string' ? raw : (JSON.stringify(raw) ?? '')
  return { kind: 'rejected', line, text: text.slice(0, MAX_TEXT), isCut }
}
