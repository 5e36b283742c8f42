import { EVENT_FIELDS, type EventFieldName } from '../model/event.ts'
import { columnOf, kindNumber } from '../store/event-columns.ts'
import type { WriteStore } from '../store/store.ts'
import { excerpt, type Found, type SightingCollector } from './collector.ts'
import type { Matcher } from './matchers.ts'
import { decodedOf } from './command-texts.ts'
import { PLACES, type Place } from './observables.ts'

/** Which time counts, microseconds UTC; null: no bound. Undated records count in every period. */
export interface Period {
  readonly from: number | null
  readonly to: number | null
}

interface Look {
  readonly field: EventFieldName
  readonly kinds: ReadonlySet<number> | null
  readonly isDecoded: boolean
  /** By string id. */
  readonly hits: ReadonlyMap<number, Hit>
}

/** Which indicators a string speaks of, and what in it. */
interface Hit {
  readonly numbers: readonly number[]
  readonly seen: string
}

const MAIL = [kindNumber('mail-delivered'), kindNumber('mail-sent')].join(', ')
/** Behind the name of a field: what was found stands in the script that its encoded command brings along. */
const DECODED = '.decoded'
const STRINGS_PER_STEP = 50_000

/**
 * Looks for the indicators in every text field of all events: first in the distinct strings (each once, however many
 * events hold it), then for the events that hold one of those found.
 * @param onStep told how much is done, 0..1; may throw to stop
 */
export function scanEvents(
  db: WriteStore,
  matchers: ReadonlyMap<keyof typeof PLACES, Matcher>,
  period: Period,
  collector: SightingCollector,
  onStep: (done: number) => void,
): void {
  const looks = scanStrings(db, matchers, (done) => onStep(done * 0.6))
  if (looks.length === 0) return
  db.exec('CREATE TEMP TABLE IF NOT EXISTS sweep_hit (id INTEGER PRIMARY KEY)')
  db.prepare('DELETE FROM sweep_hit').run()
  const insert = db.prepare('INSERT OR IGNORE INTO sweep_hit (id) VALUES (?)')
  for (const look of looks) for (const id of look.hits.keys()) insert.run(id)
  const fields = [...new Set(looks.map((look) => look.field))]
  const columns = fields.map(columnOf)
  const anyOf = columns.map((column) => `${column} IN (SELECT id FROM sweep_hit)`).join(' OR ')
  // A message that nobody's mailbox is known of stands for itself.
  const sql = `SELECT id, at, kind, evidence_id, record, user_id, ${columns.join(', ')},
    coalesce(endpoint_id, iif(user_id IS NULL AND kind IN (${MAIL}), (SELECT m.entity_id FROM message m WHERE m.event_id = event.id AND m.evidence_id = event.evidence_id), NULL)) AS entity FROM event
    WHERE (at IS NULL OR ((@from IS NULL OR at >= @from) AND (@to IS NULL OR at <= @to))) AND (${anyOf}) ORDER BY at IS NULL, at, id`
  const text = db.prepare('SELECT v FROM str WHERE id = ?').pluck()
  let rows = 0
  for (const row of db.prepare(sql).iterate({ from: period.from, to: period.to }) as IterableIterator<
    Record<string, number | null>
  >) {
    if ((rows += 1) % 10_000 === 0) onStep(0.6)
    for (const look of looks) {
      const value = row[columnOf(look.field)]
      if (value == null || (look.kinds !== null && !look.kinds.has(row['kind'] as number))) continue
      const hit = look.hits.get(value)
      if (hit === undefined) continue
      const recorded = text.get(value) as string
      const found: Found = {
        at: row['at'] ?? null,
        event: row['id'] as number,
        entity: row['entity'] ?? null,
        user: row['user_id'] ?? null,
        evidenceId: row['evidence_id'] as number,
        record: row['record'] as number,
        field: `${EVENT_FIELDS[look.field].name}${look.isDecoded ? DECODED : ''}`,
        value: excerpt((look.isDecoded ? decodedOf(recorded) : undefined) ?? recorded, hit.seen),
      }
      for (const number of hit.numbers) collector.add(number, found)
    }
  }
  db.prepare('DELETE FROM sweep_hit').run()
  onStep(1)
}

/** Which strings speak of an indicator, for each way a field's text is compared. */
function scanStrings(
  db: WriteStore,
  matchers: ReadonlyMap<keyof typeof PLACES, Matcher>,
  onStep: (done: number) => void,
): Look[] {
  const ways = new Map<string, { texts: Place['texts']; matcher: Matcher; hits: Map<number, Hit> }>()
  const looks: Look[] = []
  const names = new Map<Place['texts'], number>()
  for (const [kind, matcher] of matchers) {
    for (const place of PLACES[kind]) {
      const name = names.get(place.texts) ?? names.size
      names.set(place.texts, name)
      const key = `${kind}:${name}`
      const way = ways.get(key) ?? { texts: place.texts, matcher, hits: new Map<number, Hit>() }
      ways.set(key, way)
      looks.push({
        field: place.field,
        kinds: place.kinds === undefined ? null : new Set(place.kinds.map(kindNumber)),
        isDecoded: place.isDecoded ?? false,
        hits: way.hits,
      })
    }
  }
  if (ways.size === 0) return []
  const last = (db.prepare('SELECT max(id) FROM str').pluck().get() as number | null) ?? 0
  let count = 0
  for (const { id, v } of db.prepare('SELECT id, v FROM str').iterate() as IterableIterator<{
    id: number
    v: string
  }>) {
    if ((count += 1) % STRINGS_PER_STEP === 0) onStep(id / Math.max(1, last))
    for (const { texts, matcher, hits } of ways.values()) {
      const numbers = new Set<number>()
      let seen: string | undefined
      for (const text of texts(v)) {
        const found = matcher.find(text)
        if (found.length > 0) seen ??= text
        for (const number of found) numbers.add(number)
      }
      if (seen !== undefined) hits.set(id, { numbers: [...numbers], seen })
    }
  }
  return looks.filter((look) => look.hits.size > 0)
}
