import type { DirectoryRight } from '../model/directory.ts'
import { placeInTime, provenTime } from './snapshot-times.ts'
import type { ReadStore } from './store.ts'

/**
 * What one export says of the objects of one kind in one domain, at one time. A collector reads each kind by its own means,
 * and an export may hold some kinds only, so this is what a newer export can take the place of (ADR 0021).
 */
export interface Snapshot {
  readonly evidenceId: number
  readonly kind: string
  readonly domain: string | null
  /** Microseconds UTC; null when the export does not tell. */
  readonly collectedAt: number | null
  readonly objects: number
}

/** A snapshot of which a newer one of the same kind of source says what holds now. */
export interface SupersededSnapshot extends Snapshot {
  /** Means of collection of which the newer one states results; rights of other means still stand. */
  readonly families: ReadonlySet<RightFamily>
  /** Everything the snapshot states has newer results. */
  readonly isWhole: boolean
}

/** Rights that are collected by the same means: an export states all of them or none. */
export type RightFamily =
  'membership' | 'access' | 'local' | 'session' | 'delegation' | 'policy' | 'trust' | 'tree' | 'mailbox'

const FAMILIES: ReadonlyMap<DirectoryRight, RightFamily> = new Map<DirectoryRight, RightFamily>([
  ['member-of', 'membership'],
  ['admin-to', 'local'],
  ['can-rdp', 'local'],
  ['can-psremote', 'local'],
  ['sql-admin', 'local'],
  ['has-session', 'session'],
  ['allowed-to-delegate', 'delegation'],
  ['allowed-to-act', 'delegation'],
  ['gpo-applies-to', 'policy'],
  ['trusts', 'trust'],
  ['contains', 'tree'],
  ['shared-with', 'mailbox'],
])
/** The means a right was collected by; all that stand in access lists are one. */
export const familyOf = (relation: DirectoryRight): RightFamily => FAMILIES.get(relation) ?? 'access'

/** The newer snapshot holds so much of the older one: an export of a few accounts does not stand for a directory. */
const COVERED = 0.5
/** A case may hold an export for every day; so many newer ones are compared with each, newest first. */
const MAX_COMPARED = 16

/** A crafted export can name a domain in every entry; a forest has some domains, and ten kinds of objects. */
const MAX_SNAPSHOTS = 100

const sources = `SELECT e.id, e.format, e.imported_at AS importedAt FROM evidence e
  WHERE EXISTS (SELECT 1 FROM directory_object d WHERE d.evidence_id = e.id) ORDER BY e.id`
const snapshots = `SELECT evidence_id AS evidenceId, kind, domain, collected_at AS collectedAt, count(DISTINCT object_id) AS objects
  FROM directory_object WHERE evidence_id = ? GROUP BY kind, domain, collected_at ORDER BY objects DESC, kind, domain, collected_at LIMIT ?`
const OF_SNAPSHOT = `evidence_id = @evidenceId AND kind = @kind AND domain IS @domain AND collected_at IS @collectedAt`
const covered = `SELECT count(DISTINCT object_id) FROM directory_object WHERE ${OF_SNAPSHOT} AND object_id IN (
  SELECT object_id FROM directory_object WHERE evidence_id = @newerId AND kind = @kind AND domain IS @domain AND collected_at IS @newerAt)`
const relations = `SELECT DISTINCT relation FROM directory_edge WHERE evidence_id = @evidenceId
  AND record IN (SELECT record FROM directory_object WHERE ${OF_SNAPSHOT})`
const records = `SELECT record FROM directory_object WHERE ${OF_SNAPSHOT}`

interface Source {
  readonly id: number
  readonly format: string
  readonly importedAt: number
}

/**
 * Snapshots that a newer one of the same domain, kind of object and importer supersedes (S12). Newer is what was collected
 * later. An export that does not say when it was made counts from the newest time its objects carry; where they carry none, the
 * order of import decides.
 */
export function findSuperseded(db: ReadStore): SupersededSnapshot[] {
  const known = db.prepare(sources).all() as Source[]
  const shared = known.filter((one) => known.some((other) => other.id !== one.id && isAlike(one, other)))
  const compared = hasTwoTimes(db, known) ? known : shared
  if (compared.length === 0) return []
  const source = new Map(compared.map((one) => [one.id, one]))
  const proven = new Map<number, number | undefined>()
  const list = db.prepare(snapshots)
  const groups = new Map<string, Snapshot[]>()
  for (const { id } of compared)
    for (const one of list.all(id, MAX_SNAPSHOTS) as Snapshot[]) {
      const about = source.get(id)
      if (one.collectedAt === null && about && !proven.has(id)) proven.set(id, provenTime(db, about))
      const name = JSON.stringify([one.kind, one.domain])
      groups.set(name, [...(groups.get(name) ?? []), one])
    }
  const found: SupersededSnapshot[] = []
  for (const group of groups.values()) {
    const places = placeInTime(group.map((one) => one.collectedAt ?? proven.get(one.evidenceId)))
    const at = new Map(group.map((one, index) => [one, places[index] ?? 0]))
    // newest first; of two without a difference the one imported later
    group.sort((a, b) => (at.get(b) ?? 0) - (at.get(a) ?? 0) || b.evidenceId - a.evidenceId)
    for (const [place, older] of group.entries()) {
      const newer = group
        .slice(Math.max(0, place - MAX_COMPARED), place)
        .filter((one) => isAlike(source.get(one.evidenceId), source.get(older.evidenceId)))
        .filter((one) => covers(db, one, older))
      if (newer.length === 0) continue
      const families = new Set(newer.flatMap((one) => [...familiesOf(db, one)]))
      const isWhole = [...familiesOf(db, older)].every((family) => families.has(family))
      found.push({ ...older, families, isWhole })
    }
  }
  return found
}

/** One export may hold two collections (an archive of archives): told by their times. */
const hasTwoTimes = (db: ReadStore, known: readonly Source[]): boolean => {
  const times = db
    .prepare('SELECT count(DISTINCT collected_at) FROM directory_object WHERE evidence_id = ?')
    .pluck()
  return known.some(({ id }) => Number(times.get(id)) > 1)
}

const isAlike = (a: Source | undefined, b: Source | undefined): boolean => {
  const formats = new Set(a?.format.split('+'))
  return b?.format.split('+').some((format) => formats.has(format)) === true
}

function covers(db: ReadStore, newer: Snapshot, older: Snapshot): boolean {
  // the same few objects cannot be half of many
  if (newer.objects < older.objects * COVERED) return false
  const { evidenceId, kind, domain, collectedAt } = older
  const both = db
    .prepare(covered)
    .pluck()
    .get({ evidenceId, kind, domain, collectedAt, newerId: newer.evidenceId, newerAt: newer.collectedAt })
  return Number(both) >= older.objects * COVERED
}

function familiesOf(db: ReadStore, { evidenceId, kind, domain, collectedAt }: Snapshot): Set<RightFamily> {
  const found = db.prepare(relations).pluck().all({ evidenceId, kind, domain, collectedAt })
  return new Set((found as DirectoryRight[]).map(familyOf))
}

/** Which rights of a record a newer export speaks of: evidence id -> record -> families; undefined inside: none. */
export function supersededRecords(
  db: ReadStore,
): ReadonlyMap<number, ReadonlyMap<number, ReadonlySet<RightFamily>>> {
  const found = new Map<number, Map<number, ReadonlySet<RightFamily>>>()
  const list = db.prepare(records).pluck()
  for (const { evidenceId, kind, domain, collectedAt, families } of findSuperseded(db)) {
    const ofEvidence = found.get(evidenceId) ?? new Map<number, ReadonlySet<RightFamily>>()
    found.set(evidenceId, ofEvidence)
    for (const record of list.iterate({ evidenceId, kind, domain, collectedAt }) as IterableIterator<number>)
      ofEvidence.set(record, families)
  }
  return found
}
