import { setImmediate } from 'node:timers/promises'
import type { UrlRow } from '../../contract/nouns/reputation.ts'
import type { ResultOf } from '../../contract/types.ts'
import type { Ask } from '../../jobs/handlers.ts'
import type { RiskLevel } from '../../model/verdict.ts'
import type { ReadStore } from '../../store/store.ts'
import { indicatorsOfFinding, type FindingIndicator } from '../../indicators/of-findings.ts'
import type { ExportSource } from '../exporter.ts'
import { PAGE } from './pages.ts'

export type IndicatorType = 'url' | 'domain' | 'ip' | 'sha256' | 'sha1' | 'md5'
export type IndicatorLevel = Extract<RiskLevel, 'dangerous' | 'highly-suspicious' | 'suspicious'>
/** Findings whose parts are exported, the heaviest first. */
const MAX_FINDINGS = 50
const LEVELS: readonly IndicatorLevel[] = ['dangerous', 'highly-suspicious', 'suspicious']

/** A value that packs speak against, that came to a machine through such an address, or that a finding rests on; with the reason to believe it. */
export interface Indicator {
  readonly type: IndicatorType
  readonly value: string
  readonly level: IndicatorLevel
  /** `name@version` of the pack and its entry; null when it follows from relations alone. */
  readonly pack: string | null
  readonly entry: string | null
  readonly reason: string
  readonly firstSeen: number | null
  readonly lastSeen: number | null
  readonly entityId: number | null
  /** Name of the file, for hashes. */
  readonly name: string | null
}

const seen = 'SELECT first_seen, last_seen FROM entity WHERE id = ?'
/**
 * Files that a rated address brought: what links to it, what was downloaded from it, and what those were saved as, unpacked to, or
 * (where it ran) dropped. Depth as an archive in an archive in a mail needs it.
 */
const brought = `WITH RECURSIVE found(id, why, depth) AS (
    SELECT to_id, 'downloaded-to', 0 FROM relation WHERE kind = 'downloaded-to' AND from_id IN (SELECT value FROM json_each(@urls))
    UNION SELECT r.from_id, 'links-to', 0 FROM relation r JOIN entity e ON e.id = r.from_id AND e.kind IN ('attachment', 'file')
      WHERE r.kind = 'links-to' AND r.to_id IN (SELECT value FROM json_each(@urls))
    UNION SELECT r.to_id, r.kind, f.depth + 1 FROM found f JOIN relation r ON r.from_id = f.id AND r.kind IN ('saved-as', 'extracted-to') WHERE f.depth < 6
    UNION SELECT d.to_id, 'dropped', f.depth + 1 FROM found f JOIN relation x ON x.from_id = f.id AND x.kind = 'executed-as'
      JOIN relation d ON d.from_id = x.to_id AND d.kind = 'dropped'
      WHERE f.depth < 6 AND EXISTS (SELECT 1 FROM relation ran WHERE ran.from_id = d.to_id AND ran.kind = 'executed-as')
  ) SELECT id, min(why) AS why FROM found GROUP BY id ORDER BY id`
/** Attachments that somebody ran: nobody runs what came by mail by profession. */
const ran = `SELECT DISTINCT s.from_id AS id, 'saved-as' AS why FROM relation s JOIN relation x ON x.from_id = s.to_id AND x.kind = 'executed-as'
  WHERE s.kind = 'saved-as' ORDER BY s.from_id`
const hashes = `SELECT a.entity_id, a.kind, a.value, e.name, e.first_seen, e.last_seen FROM alias a JOIN entity e ON e.id = a.entity_id
  WHERE a.entity_id IN (SELECT value FROM json_each(?)) AND a.kind IN ('sha256', 'sha1', 'md5') ORDER BY a.entity_id, a.kind, a.value`

const WHY = new Map([
  ['downloaded-to', 'downloaded from an address that packs rate'],
  ['links-to', 'holds a link that packs rate'],
  ['saved-as', 'saved from a mail and run'],
  ['extracted-to', 'unpacked from a file that a rated address brought'],
  ['dropped', 'written, and run, by a program that a rated address brought'],
])

export async function countRatedUrls(ask: Ask): Promise<number> {
  let total = 0
  for (const risk of LEVELS) total += (await ask('url.list', { risk, limit: 1 })).total ?? 0
  return total
}

/** Indicators, each value once: addresses that packs rate, the most dangerous first, their hosts where the pack means the host, files; then what findings rest on. */
export async function* indicatorPages(source: ExportSource): AsyncGenerator<readonly Indicator[]> {
  const known = new Set<string>()
  const fresh = (all: readonly Indicator[]): Indicator[] =>
    all.filter(({ type, value }) => {
      const key = `${type} ${value}`
      if (known.has(key)) return false
      known.add(key)
      return true
    })
  for (const risk of LEVELS) {
    let cursor: string | null = null
    do {
      source.signal.throwIfAborted()
      const page: ResultOf<'url.list'> = await source.ask('url.list', { risk, limit: PAGE, cursor })
      const own = page.rows.flatMap((row) => ofUrl(source.db, row, risk))
      const files = filesOf(source.db, page.rows, risk)
      const indicators = fresh([...own, ...files])
      source.count('indicators', indicators.length)
      yield indicators
      cursor = page.next
      await setImmediate()
    } while (cursor !== null)
  }
  const attachments = fresh(hashesOf(source.db, source.db.prepare(ran).all() as Found[], 'suspicious'))
  source.count('indicators', attachments.length)
  yield attachments
  for await (const page of findingPages(source)) {
    const indicators = fresh(page)
    source.count('indicators', indicators.length)
    yield indicators
  }
}

/** What findings rest on, the heaviest finding first. */
async function* findingPages(source: ExportSource): AsyncGenerator<readonly Indicator[]> {
  const { rows } = await source.ask('story.list', { limit: MAX_FINDINGS })
  for (const [index, finding] of rows.entries()) {
    source.signal.throwIfAborted()
    const found = await indicatorsOfFinding(source.ask, finding, index + 1)
    yield found.flatMap((one) => ofFinding(source.db, one))
    await setImmediate()
  }
}

const TYPES: Partial<Record<FindingIndicator['sort'], IndicatorType>> = {
  url: 'url',
  domain: 'domain',
  ip: 'ip',
  sha256: 'sha256',
  sha1: 'sha1',
  md5: 'md5',
}

/** Paths of programs and receivers of forwarded mail are no type of an indicator here: the report lists them. */
function ofFinding(db: ReadStore, one: FindingIndicator): Indicator[] {
  const type = TYPES[one.sort]
  if (type === undefined) return []
  const times = db.prepare(seen).get(Number(one.entityId)) as
    { first_seen: number | null; last_seen: number | null } | undefined
  return [
    {
      type,
      value: one.sort === 'ip' ? bare(one.value) : one.value,
      // A finding connects it, no pack names it: what a rule or a pack rates worst is still one step weaker.
      level: one.asset.rating === 'malicious' ? 'highly-suspicious' : 'suspicious',
      pack: null,
      entry: null,
      reason: `finding ${one.finding} (weight ${Math.round(one.score)} of 100): ${howOf(one)}`,
      firstSeen: times?.first_seen ?? null,
      lastSeen: times?.last_seen ?? null,
      entityId: Number(one.entityId),
      name: one.name,
    },
  ]
}

function howOf({ name, asset: { roles } }: FindingIndicator): string {
  if (name !== null) return 'a program of it'
  if (roles.includes('detected')) return 'a rule names it'
  if (roles.includes('contacted')) return 'a program of it connected to it'
  return 'a part of it'
}

function ofUrl(db: ReadStore, row: UrlRow, level: IndicatorLevel): Indicator[] {
  const times = (row.entityId === null ? undefined : db.prepare(seen).get(Number(row.entityId))) as
    { first_seen: number | null; last_seen: number | null } | undefined
  const shared = {
    level,
    pack: row.pack,
    entry: row.entry,
    firstSeen: times?.first_seen ?? null,
    lastSeen: times?.last_seen ?? null,
    name: null,
  }
  const says = `${row.pack ?? 'a pack'} says ${level}`
  const url: Indicator = {
    ...shared,
    type: 'url',
    value: row.url,
    reason: `${says}${row.entry === null ? '' : ` (${row.scope ?? 'entry'} ${row.entry})`}`,
    entityId: row.entityId === null ? null : Number(row.entityId),
  }
  if (row.scope !== 'host' && row.scope !== 'domain') return [url]
  const host = row.scope === 'domain' ? domainOf(row) : row.host
  const type = isAddress(host) ? 'ip' : 'domain'
  const means = row.scope === 'domain' ? 'the host and all below it' : 'the whole host'
  return [url, { ...shared, type, value: bare(host), reason: `${says}, of ${means}`, entityId: null }]
}

/** The domain an entry stands for: the longest ending of the host that the entry names. */
function domainOf({ host, entry }: UrlRow): string {
  const named = (entry ?? '').toLowerCase().replace(/^[a-z][a-z0-9+.-]*:\/\//, '')
  const labels = host.split('.')
  for (let at = 0; at < labels.length - 1; at += 1) {
    const domain = labels.slice(at).join('.')
    if (named.replace(/^\*?\./, '').split(/[/:?#]/)[0] === domain) return domain
  }
  return host
}

const bare = (host: string): string => host.replace(/^\[(.*)\]$/, '$1')
const isAddress = (host: string): boolean =>
  /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host) || /^\[?[0-9a-f]*:[0-9a-f:.]+\]?$/i.test(host)

interface Found {
  readonly id: number
  readonly why: string
}

function filesOf(db: ReadStore, rows: readonly UrlRow[], level: IndicatorLevel): Indicator[] {
  const urls = rows.flatMap(({ entityId }) => (entityId === null ? [] : [Number(entityId)]))
  return hashesOf(db, db.prepare(brought).all({ urls: JSON.stringify(urls) }) as Found[], level)
}

function hashesOf(db: ReadStore, found: readonly Found[], level: IndicatorLevel): Indicator[] {
  const why = new Map(found.map((row) => [row.id, WHY.get(row.why) ?? row.why]))
  type Row = {
    entity_id: number
    kind: 'sha256' | 'sha1' | 'md5'
    value: string
    name: string
    first_seen: number | null
    last_seen: number | null
  }
  const rows = db.prepare(hashes).all(JSON.stringify([...why.keys()])) as Row[]
  return rows.map((row) => ({
    type: row.kind,
    value: row.value.toLowerCase(),
    // What follows from a relation is one step weaker than what a pack says.
    level: level === 'dangerous' ? 'highly-suspicious' : 'suspicious',
    pack: null,
    entry: null,
    reason: why.get(row.entity_id) ?? '',
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
    entityId: row.entity_id,
    name: row.name,
  }))
}
