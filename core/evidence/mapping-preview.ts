import type { MappingPreview } from '../contract/nouns/evidence.ts'
import type { DateOrder } from '../model/date-order.ts'
import { WorkbenchError } from '../model/errors.ts'
import { EVENT_FIELDS, type EventItem } from '../model/event.ts'
import type { Mapping, MappingKind } from '../model/mapping.ts'
import { DateOrderProof } from '../normalise/date-order.ts'
import { parseTime } from '../normalise/time.ts'
import { toIso } from '../store/time.ts'
import { checkMapping } from '../importers/mapping/check-mapping.ts'
import { findMissingColumns } from '../importers/mapping/missing-columns.ts'
import { TARGETS } from '../importers/mapping/targets.ts'
import { proposeMapping } from '../importers/mapping/propose.ts'
import { readMapped } from '../importers/mapping/read-mapped.ts'
import { sampleTable, type TableSample } from '../importers/mapping/sample.ts'
import { settleMappedDates } from '../importers/mapping/settle-mapped-dates.ts'
import type { ParsedUnit, RecordIssue, RecordItem } from '../importers/importer.ts'
import { decodeHead } from './decode-head.ts'
import { mailEvent } from './mail-event.ts'
import { openParts, type EvidencePart } from './parts.ts'
import { findFile } from './evidence-file.ts'

/** Rows a preview shows. */
const PREVIEW_ROWS = 12
/** Some columns of the mapping are not in the file; without all of them the mapping is a problem (`checkMapping`). */
const MISSING = 'mapping.missing_column'
/** Members of an archive that are looked at for a table. */
const LOOKED_PARTS = 50

/** The file a table is in, and what opens it. */
interface TableFile {
  readonly path: string
  readonly passwords: readonly string[]
}

/** So much of a table is read for the order of its dates: a preview is asked for at every edit. */
const PROOF_BYTES = 16 * 1024 * 1024
/** A time that could not be read, and one that can be as soon as it is known which number is the day. */
const UNREAD = 'mapping.time'
const UNSETTLED = 'mapping.time_order'

interface Table {
  readonly part: EvidencePart
  readonly head: Uint8Array
  readonly sample: TableSample
}

/**
 * What is made of the first part that is a table or JSON records; the part can be read until then, and no longer.
 * @throws WorkbenchError `mapping.no_table`
 */
async function withTable<T>({ path, passwords }: TableFile, work: (table: Table) => Promise<T>): Promise<T> {
  const file = findFile(path)
  const { items } = await openParts(file, { passwords })
  let looked = 0
  for await (const part of items) {
    if (part.kind !== 'part') continue
    if ((looked += 1) > LOOKED_PARTS) break
    const head = await part.head()
    const sample = sampleTable(decodeHead(head))
    if (sample !== undefined) return await work({ part, head, sample })
  }
  throw new WorkbenchError('mapping.no_table', { name: file.name })
}

/** What the first rows prove about the order of day and month. */
function orderOf(sample: TableSample): DateOrder | null {
  const proof = new DateOrderProof()
  for (const column of sample.columns) for (const text of column.examples) proof.look(text)
  return proof.order ?? null
}

/** Proposes a mapping for an unknown table and shows what it makes of the first rows. */
export async function proposeFor(
  file: TableFile,
  zone: string,
  kind: MappingKind | null,
): Promise<MappingPreview> {
  return withTable(file, (table) => {
    const { part, sample } = table
    const name = (part.name.split(/[\\/]/).at(-1) ?? part.name).slice(0, 200)
    const mapping = proposeMapping(name, sample.rows, sample.delimiter, sample.columns, orderOf(sample), kind)
    return preview(table, mapping, zone)
  })
}

/** Shows what a mapping under edit makes of the first rows. */
export async function previewFor(file: TableFile, mapping: Mapping, zone: string): Promise<MappingPreview> {
  return withTable(file, (table) => preview(table, mapping, zone))
}

/** The order of day and month as the import settles it, of as much of the table as can be read at every edit; null: not known here. */
async function settleOrder({ part }: Table, mapping: Mapping, zone: string): Promise<DateOrder | null> {
  const begin = { name: part.name, size: null, open: () => firstBytes(part.open()) }
  try {
    return (await settleMappedDates(begin, { zone, dateOrder: null, mapping }, mapping)).dateOrder
  } catch (thrown) {
    // Nothing proves it: the import asks.
    if (thrown instanceof WorkbenchError && thrown.code === 'evidence.date_order') return null
    throw thrown
  }
}
async function* firstBytes(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let left = PROOF_BYTES
  for await (const chunk of stream) {
    yield chunk.subarray(0, left)
    left -= chunk.length
    if (left <= 0) return
  }
}
/** The time of a row fits one order of day and month or the other. */
const waitsForOrder = (text: string): boolean =>
  (['day-first', 'month-first'] as const).some((order) => parseTime(text.trim(), 'UTC', order) !== undefined)

async function preview(table: Table, mapping: Mapping, zone: string): Promise<MappingPreview> {
  const { head, sample } = table
  const units: ParsedUnit[] = []
  const open = async function* () {
    await Promise.resolve()
    yield head
  }
  const context = { zone, dateOrder: await settleOrder(table, mapping, zone), mapping }
  for await (const batch of readMapped(open, mapping, context)) for (const unit of batch) units.push(unit)
  const isOpen = context.dateOrder === null && mapping.time?.format === 'iso'
  const codeOf = ({ code, excerpt }: RecordIssue): string =>
    isOpen && code === UNREAD && waitsForOrder(excerpt) ? UNSETTLED : code
  const rows: MappingPreview['rows'] = []
  // It is said of the file as a whole, and shown beside its first row.
  let ofFile = units.some((unit) => unit.kind === 'issue' && unit.code === MISSING) ? [MISSING] : []
  for (const unit of units) {
    if (unit.kind !== 'record' || rows.length >= PREVIEW_ROWS) continue
    const issues = [...ofFile, ...(unit.issues ?? []).map(codeOf)]
    ofFile = []
    const shown = unit.items.length === 0 ? [{ at: null, kind: '', fields: {} }] : unit.items.map(showItem)
    for (const item of shown) rows.push({ locator: unit.locator, issues, ...item })
  }
  return {
    mapping,
    columns: sample.columns.map(({ name, examples }) => ({ name, examples: [...examples] })),
    targets: [...TARGETS[mapping.kind]],
    rows: rows.slice(0, PREVIEW_ROWS),
    problems: checkMapping(mapping, await findMissingColumns(open(), mapping)),
  }
}

function showItem(item: RecordItem): Pick<MappingPreview['rows'][number], 'at' | 'kind' | 'fields'> {
  if (item.type === 'event') return showEvent(item)
  if (item.type === 'message') return showEvent(mailEvent(item))
  const fields: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(item))
    if (name !== 'type' && name !== 'kind' && typeof value === 'string') fields[name] = value
  return { at: null, kind: item.kind, fields }
}

function showEvent(item: EventItem): Pick<MappingPreview['rows'][number], 'at' | 'kind' | 'fields'> {
  const fields: Record<string, string | number> = {}
  for (const [name, spec] of Object.entries(EVENT_FIELDS)) {
    const value = item.fields[name as keyof typeof EVENT_FIELDS]
    if (value !== undefined) fields[spec.name] = value
  }
  return { at: item.at === null ? null : toIso(item.at), kind: item.kind, fields }
}
