import type { PackDifference } from '../contract/nouns/reputation.ts'
import type { ResultOf } from '../contract/types.ts'
import { PATTERN_SCOPES } from '../model/verdict.ts'
import { WorkbenchError } from '../model/errors.ts'
import type { ReadStore } from '../store/store.ts'
import { toIsoOrNull } from '../store/time.ts'
import { citePack, getPack } from './packs-stored.ts'
import { oncePerState } from './case-cache.ts'
import { severityOf, toRiskLevel } from './severity.ts'
import { CoveredUrls, type StoredPattern } from './shelf/covered.ts'
import { touchingStored } from './shelf/stored-names.ts'

/** Both packs are walked host by host along `pack_entry_pack`; never more than one host of each is held. */
const byHost = `SELECT pattern, scope, host, normal, level, category, expires_at FROM pack_entry
  WHERE pack_id = ? AND host >= ? ORDER BY host`

interface Row {
  pattern: string
  scope: string
  host: string
  normal: string
  level: string
  category: string | null
  expires_at: number | null
}
/** One of the two is there at least. */
interface Difference {
  readonly kind: PackDifference['kind']
  readonly from: Row | null
  readonly to: Row | null
}
interface Step {
  readonly host: string
  readonly same: number
  readonly differences: readonly Difference[]
}
type Counts = ResultOf<'pack.compare'>['counts']

export interface CompareInput {
  readonly from: string
  readonly to: string
  readonly kind?: PackDifference['kind'] | null | undefined
  /** Only differences whose address covers a URL of the case. */
  readonly storedOnly?: boolean
  readonly cursor?: string | null | undefined
  readonly limit: number
}

/**
 * Which addresses one pack has and the other has not, and of which they say otherwise (level, category, end). Entries are the same
 * when scope and normal form are; of several within one pack the most severe speaks.
 * @param now microseconds; by it what is kept of the case is renewed
 * @throws WorkbenchError `request.not_found`, `request.invalid`
 */
export function comparePacks(db: ReadStore, now: number, input: CompareInput): ResultOf<'pack.compare'> {
  const from = getPack(db, Number(input.from))
  const to = getPack(db, Number(input.to))
  const counts = countDifferences(db, Number(from.id), Number(to.id))
  const touches = input.storedOnly === true ? touchingStored(db, now) : null
  const { host, skip } = readCursor(input.cursor)
  const covered = new CoveredUrls(db)
  const rows: PackDifference[] = []
  let next: string | null = null
  for (const step of walk(db, Number(from.id), Number(to.id), host)) {
    const wanted = step.differences.filter(
      (one) => (input.kind == null || one.kind === input.kind) && (touches?.(patternOf(one)) ?? true),
    )
    const left = step.host === host ? wanted.slice(skip) : wanted
    const room = input.limit - rows.length
    rows.push(...left.slice(0, room).map((difference) => toRow(covered, difference)))
    if (left.length <= room) continue
    next = JSON.stringify([step.host, wanted.length - left.length + room])
    break
  }
  const found = touches ? countTouching(db, now, from.id, to.id) : counts
  const total = input.kind == null ? found.added + found.removed + found.changed : found[input.kind]
  return { from: citePack(from), to: citePack(to), counts, rows, next, total }
}

function readCursor(cursor: string | null | undefined): { host: string; skip: number } {
  if (cursor == null || cursor === '') return { host: '', skip: 0 }
  const refuse = (cause?: unknown): WorkbenchError =>
    new WorkbenchError('request.invalid', { field: 'cursor' }, { cause })
  let read: unknown
  try {
    read = JSON.parse(cursor)
  } catch (cause) {
    throw refuse(cause)
  }
  const [host, skip] = Array.isArray(read) ? (read as unknown[]) : []
  if (typeof host !== 'string' || typeof skip !== 'number') throw refuse()
  return { host, skip }
}

type KindCounts = Record<PackDifference['kind'], number>
/** Unlike the packs, the URLs of the case grow: counted once per pair and state of the case. */
const touchingCounts = oncePerState(() => new Map<string, KindCounts>())

function countTouching(db: ReadStore, now: number, from: string, to: string): KindCounts {
  const known = touchingCounts(db, now)
  const before = known.get(`${from} ${to}`)
  if (before !== undefined) return before
  const touches = touchingStored(db, now)
  const counts: KindCounts = { added: 0, removed: 0, changed: 0 }
  for (const step of walk(db, Number(from), Number(to), ''))
    for (const one of step.differences) if (touches(patternOf(one))) counts[one.kind] += 1
  known.set(`${from} ${to}`, counts)
  return counts
}

/** Stored packs never change: counted once per pair and connection. */
const counted = new WeakMap<ReadStore, Map<string, Counts>>()

function countDifferences(db: ReadStore, from: number, to: number): Counts {
  const known = counted.get(db) ?? new Map<string, Counts>()
  counted.set(db, known)
  const before = known.get(`${from} ${to}`)
  if (before !== undefined) return before
  const counts = { from: 0, to: 0, same: 0, added: 0, removed: 0, changed: 0 }
  for (const step of walk(db, from, to, '')) {
    counts.same += step.same
    for (const { kind } of step.differences) counts[kind] += 1
  }
  counts.from = counts.same + counts.removed + counts.changed
  counts.to = counts.same + counts.added + counts.changed
  known.set(`${from} ${to}`, counts)
  return counts
}

function* walk(db: ReadStore, from: number, to: number, first: string): Iterable<Step> {
  const left = hostsOf(db.prepare(byHost).iterate(from, first) as IterableIterator<Row>)
  const right = hostsOf(db.prepare(byHost).iterate(to, first) as IterableIterator<Row>)
  try {
    let a = left.next()
    let b = right.next()
    while (a.done !== true || b.done !== true) {
      const order = a.done === true ? 1 : b.done === true ? -1 : compareText(a.value.host, b.value.host)
      const old = a.done !== true && order <= 0 ? a.value : undefined
      const young = b.done !== true && order >= 0 ? b.value : undefined
      yield compareHost(old, young)
      if (old !== undefined) a = left.next()
      if (young !== undefined) b = right.next()
    }
  } finally {
    left.return(undefined)
    right.return(undefined)
  }
}

/** As SQLite orders text: by bytes. Hosts are ASCII. */
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

interface HostEntries {
  readonly host: string
  readonly entries: Map<string, Row>
}

function* hostsOf(rows: IterableIterator<Row>): Generator<HostEntries, undefined> {
  let group: HostEntries | undefined
  for (const row of rows) {
    if (group?.host !== row.host) {
      if (group !== undefined) yield group
      group = { host: row.host, entries: new Map() }
    }
    const key = `${row.scope} ${row.normal}`
    const before = group.entries.get(key)
    if (before === undefined || rankOf(row) < rankOf(before)) group.entries.set(key, row)
  }
  if (group !== undefined) yield group
  return undefined
}

const rankOf = (row: Row): number => severityOf(toRiskLevel(row.level) ?? 'untested')

function compareHost(old: HostEntries | undefined, young: HostEntries | undefined): Step {
  const differences: Difference[] = []
  let same = 0
  for (const [key, from] of old?.entries ?? []) {
    const to = young?.entries.get(key)
    if (to === undefined) differences.push({ kind: 'removed', from, to: null })
    else if (from.level === to.level && from.category === to.category && from.expires_at === to.expires_at)
      same += 1
    else differences.push({ kind: 'changed', from, to })
  }
  for (const [key, to] of young?.entries ?? []) {
    if (old?.entries.has(key) !== true) differences.push({ kind: 'added', from: null, to })
  }
  return { host: old?.host ?? young?.host ?? '', same, differences }
}

const toWords = (row: Row | null): PackDifference['from'] =>
  row && {
    level: toRiskLevel(row.level) ?? 'untested',
    category: row.category,
    expiresAt: toIsoOrNull(row.expires_at),
  }

/** The address two entries have in common. */
function patternOf({ from, to }: Difference): StoredPattern {
  const row = to ?? from
  const scope = PATTERN_SCOPES.find((known) => known === row?.scope) ?? 'exact'
  return { scope, host: row?.host ?? '', normal: row?.normal ?? '' }
}

function toRow(covered: CoveredUrls, difference: Difference): PackDifference {
  const { kind, from, to } = difference
  const pattern = patternOf(difference)
  const urls = covered.of(pattern).length
  return {
    kind,
    pattern: (to ?? from)?.pattern ?? '',
    scope: pattern.scope,
    from: toWords(from),
    to: toWords(to),
    urls,
  }
}
