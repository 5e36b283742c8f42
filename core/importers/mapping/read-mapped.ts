import type { Mapping } from '../../model/mapping.ts'
import { toSid } from '../../normalise/account.ts'
import { CSV_ISSUE_TEXTS, type CsvRow, readCsvRecords } from '../csv/csv-records.ts'
import type { ImportContext, ParsedUnit, RecordIssue, RecordItem } from '../importer.ts'
import { JSON_ISSUE_TEXTS } from '../json/issue-texts.ts'
import { type JsonMeaning, readJsonRecords } from '../json/json-records.ts'
import { toMappedEndpoint, toMappedUser } from './mapped-directory.ts'
import { toMappedEvent } from './mapped-event.ts'
import { toMappedMessage } from './mapped-message.ts'
import { jsonText, type TextOf, textOf } from './mapped-row.ts'
import { readMappedTime } from './mapped-time.ts'
import { findMissingColumns } from './missing-columns.ts'

export { CSV_ISSUE_TEXTS, JSON_ISSUE_TEXTS }

const EXCERPT_CHARS = 200

/**
 * Reads a part as a mapping says; deterministic, never throws for bad data. Columns that are missing are said once, before
 * the rows: in the rows they only look empty.
 */
export async function* readMapped(
  open: () => AsyncIterable<Uint8Array>,
  mapping: Mapping,
  context: ImportContext,
): AsyncGenerator<ParsedUnit[]> {
  const { names } = await findMissingColumns(open(), mapping)
  if (names.length > 0) {
    const excerpt = names.join(', ').slice(0, EXCERPT_CHARS)
    yield [{ kind: 'issue', locator: 'file', code: 'mapping.missing_column', excerpt, records: 0 }]
  }
  yield* readRows(open(), mapping, context)
}

async function* readRows(
  stream: AsyncIterable<Uint8Array>,
  mapping: Mapping,
  context: ImportContext,
): AsyncGenerator<ParsedUnit[]> {
  if (mapping.rows === 'jsonl') {
    yield* readJsonRecords(stream, 'mapping', (object) =>
      meanRow(
        mapping,
        textOf(mapping, (source) => jsonText(object, source)),
        context,
        (source) => jsonText(object, source),
      ),
    )
    return
  }
  yield* readCsvRecords(
    stream,
    'mapping',
    (header) => {
      const sources = new Map(
        [...Object.values(mapping.fields), ...(mapping.time ? [mapping.time.field] : [])].map((name) => [
          name,
          header.index(name),
        ]),
      )
      return (row: CsvRow) => {
        const read = (source: string) => row.text(sources.get(source) ?? -1)
        return meanRow(mapping, textOf(mapping, read), context, read)
      }
    },
    { delimiter: mapping.delimiter ?? undefined, encoding: mapping.encoding ?? undefined },
  )
}

/** What one row means: an event, a message, or facts of the directory. */
function meanRow(
  mapping: Mapping,
  text: TextOf,
  context: ImportContext,
  read: (source: string) => string | undefined,
): JsonMeaning {
  const issues: RecordIssue[] = []
  let at: number | null = null
  let zoneAssumed = false
  if (mapping.time) {
    const written = read(mapping.time.field)
    const spec = { format: mapping.time.format, zone: mapping.time.zone ?? null }
    const time =
      written === undefined ? undefined : readMappedTime(written, spec, context.zone, context.dateOrder)
    if (time === undefined)
      issues.push({ code: 'mapping.time', excerpt: (written ?? '').slice(0, EXCERPT_CHARS) })
    else {
      at = time.us
      zoneAssumed = time.zoneAssumed
      if (time.change !== undefined)
        issues.push({ code: `mapping.time_${time.change}`, excerpt: (written ?? '').slice(0, EXCERPT_CHARS) })
    }
  }
  const items = itemsOf(mapping, text, at, zoneAssumed)
  if (items.length === 0) issues.push({ code: 'mapping.nothing', excerpt: '' })
  return { items, issues: issues.length === 0 ? undefined : issues }
}

function itemsOf(mapping: Mapping, text: TextOf, at: number | null, zoneAssumed: boolean): RecordItem[] {
  if (mapping.kind === 'message') return [toMappedMessage(text, at)]
  if (mapping.kind !== 'user' && mapping.kind !== 'endpoint')
    return [toMappedEvent(mapping, text, at, zoneAssumed)]
  const object = mapping.kind === 'user' ? toMappedUser(text) : toMappedEndpoint(text)
  const items: RecordItem[] = object === undefined ? [] : [object]
  // Who uses which machine, and which address a machine has, is something seen: an event, dated or not.
  const links = mapping.kind === 'user' ? ['endpoint.name', 'source.ip'] : ['source.ip']
  if (at !== null || links.some((target) => text(target) !== undefined)) {
    const event = toMappedEvent(mapping, text, at, zoneAssumed)
    const sid = mapping.kind === 'user' ? toSid(text('user.sid')) : undefined
    items.push(sid === undefined ? event : { ...event, fields: { ...event.fields, accountSid: sid } })
  }
  return items
}
