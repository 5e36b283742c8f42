import type { ParsedRecord, ParsedUnit, RecordIssue } from '../importer.ts'
import { LineSlicer, type JsonSlice } from '../json/slices.ts'
import { LineDecoder, toUtf8 } from '../text-encoding.ts'

/** What one line of a text log is. Codes are without the importer's prefix. */
export type LineMeaning =
  | {
      readonly what: 'record'
      readonly items: ParsedRecord['items']
      readonly key?: string | undefined
      readonly remarks?: readonly string[]
    }
  /** Column names for the lines behind it. */
  | { readonly what: 'heading'; readonly text: string }
  /** A comment or directive: expected, and no record. */
  | { readonly what: 'nothing' }
  /** A line that should be a record and is none. */
  | { readonly what: 'issue'; readonly code: string }

const EXCERPT_CHARS = 200

/**
 * Reads a text log line by line, locator `line N`. Lines that are no record become issues that count as one rejected
 * record; a last line without line break that cannot be read is `truncated`.
 * @param prefix importer id for the codes `too_long`, `truncated`, `encoding` and those of `mean`
 */
export async function* readLogLines(
  stream: AsyncIterable<Uint8Array>,
  prefix: string,
  mean: (line: string) => LineMeaning,
): AsyncGenerator<ParsedUnit[]> {
  const slicer = new LineSlicer()
  const decoder = new LineDecoder()
  for await (const piece of toUtf8(stream)) {
    const units = slicer.feed(piece).flatMap((slice) => toUnits(slice, decoder, prefix, mean, false))
    if (units.length > 0) yield units
  }
  const units = slicer.end().flatMap((slice) => toUnits(slice, decoder, prefix, mean, true))
  if (units.length > 0) yield units
}

function toUnits(
  slice: JsonSlice,
  decoder: LineDecoder,
  prefix: string,
  mean: (line: string) => LineMeaning,
  isUnfinished: boolean,
): ParsedUnit[] {
  const { text, isGuessed } = decoder.decode(slice.bytes)
  const line = text.endsWith('\r') ? text.slice(0, -1) : text
  const excerpt = line.slice(0, EXCERPT_CHARS)
  const issue = (code: string): ParsedUnit[] => [
    { kind: 'issue', locator: slice.locator, code: `${prefix}.${code}`, excerpt, records: 1 },
  ]
  if (slice.problem !== undefined) return issue(slice.problem)
  const meaning = mean(line)
  switch (meaning.what) {
    case 'nothing':
      return []
    case 'heading':
      return [{ kind: 'heading', text: meaning.text }]
    case 'issue':
      return issue(isUnfinished ? 'truncated' : meaning.code)
    case 'record': {
      const issues: RecordIssue[] = (meaning.remarks ?? []).map((code) => ({
        code: `${prefix}.${code}`,
        excerpt,
      }))
      if (isGuessed) issues.push({ code: `${prefix}.encoding`, excerpt })
      return [
        {
          kind: 'record',
          locator: slice.locator,
          raw: line,
          key: meaning.key,
          items: meaning.items,
          issues: issues.length === 0 ? undefined : issues,
        },
      ]
    }
  }
}
