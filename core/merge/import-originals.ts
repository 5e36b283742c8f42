import type { Mapping } from '../model/mapping.ts'
import { isEncoding } from '../model/encoding.ts'
import { Mapping as MappingShape } from '../model/mapping.ts'
import { findOriginals, type Original } from '../export/verify/originals.ts'
import type { CommandContext } from '../jobs/handlers.ts'
import { grantWithin } from '../jobs/grants.ts'
import type { ReadStore } from '../store/store.ts'
import type { EvidenceItem } from './compare-cases.ts'

const how = 'SELECT id, name, sha256, bytes, zone, format_override, choices FROM evidence WHERE sha256 = ?'
const isHere = 'SELECT 1 FROM evidence WHERE sha256 = ?'
const DATE_ORDERS = ['day-first', 'month-first'] as const

interface Row extends Original {
  readonly zone: string
  readonly format_override: string | null
  readonly choices: string
}

/** A zone of the machine's list; a forged one is not taken over. */
const toZone = (zone: string): string | null => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone
  } catch (cause) {
    if (cause instanceof RangeError) return null
    throw cause
  }
}

/** What the colleague answered about a file, as far as it can be used. */
function answersOf(row: Row): {
  format: string | null
  zone: string | null
  dateOrder: (typeof DATE_ORDERS)[number] | null
  mapping: Mapping | null
  encoding: string | null
} {
  let choices: unknown = null
  try {
    choices = JSON.parse(row.choices)
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
  }
  const told = new Map(typeof choices === 'object' && choices !== null ? Object.entries(choices) : [])
  const encoding = told.get('encoding')
  const mapping = MappingShape.safeParse(told.get('mapping'))
  return {
    format: row.format_override,
    zone: toZone(row.zone),
    dateOrder: DATE_ORDERS.find((one) => one === told.get('dateOrder')) ?? null,
    mapping: mapping.success ? mapping.data : null,
    encoding: typeof encoding === 'string' && isEncoding(encoding) ? encoding : null,
  }
}

/**
 * Imports what only the colleague has, out of folders that a human named: found by hash, read by our importers from the bytes, with the
 * colleague's answers about format, zone and columns. Records are never taken over from the other case (ADR 0030).
 */
export async function importOriginals(
  context: CommandContext,
  other: ReadStore,
  wanted: readonly EvidenceItem[],
  folders: readonly string[],
): Promise<{ imported: EvidenceItem[]; missing: EvidenceItem[] }> {
  if (folders.length === 0) return { imported: [], missing: [...wanted] }
  const rows = wanted.flatMap((item) => (other.prepare(how).get(item.sha256) as Row | undefined) ?? [])
  const places = folders.map((grant) => ({ grant, path: context.resolveGrant(grant, 'read') }))
  const found = await findOriginals(
    rows,
    places.map(({ path }) => path),
    context.signal,
  )
  for (const row of rows) {
    const path = found.paths.get(row.id)
    const place = places.find((one) => path !== undefined && path.startsWith(one.path))
    if (path === undefined || place === undefined) continue
    context.signal.throwIfAborted()
    const grants = [grantWithin(place.grant, place.path, path)]
    await context.ask('evidence.import', { grants, ...answersOf(row) })
  }
  const here = context.db.prepare(isHere)
  const imported = wanted.filter(({ sha256 }) => here.get(sha256) !== undefined)
  return { imported, missing: wanted.filter((item) => !imported.includes(item)) }
}
