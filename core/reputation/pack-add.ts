import { createHash } from 'node:crypto'
import type { PackRow } from '../contract/nouns/reputation.ts'
import { inspectEvidence, type EvidenceFile } from '../evidence/evidence-file.ts'
import type { CommandContext } from '../jobs/handlers.ts'
import { WorkbenchError } from '../model/errors.ts'
import type { RiskLevel } from '../model/verdict.ts'
import { appendAudit } from '../store/audit.ts'
import type { WriteStore } from '../store/store.ts'
import { toIso } from '../store/time.ts'
import { openFeedFiles, openFeedFolder, type FeedFiles } from './feed-folder.ts'
import { openPackFile, type PackContent } from './pack-file.ts'
import { ofFile } from './pack-refusal.ts'
import { keepRejected, MAX_REJECTED } from './pack-rejected.ts'
import { toPackName, toPackVersion } from './pack-name.ts'
import { packNormal } from './pattern.ts'
import { packPatterns } from './shelf/packed-patterns.ts'
import type { PackHeaderUnit, PackReader, PackRejectedUnit } from './packs/pack-reader.ts'
import { detectPackReader } from './packs/registry.ts'
import { listPacks } from './packs-stored.ts'

/** What the analyst states of a pack; it wins over what the file says of itself. */
export interface PackStatement {
  readonly name: string | null
  readonly version: string | null
  /** Microseconds UTC. */
  readonly createdAt: number | null
  readonly level: RiskLevel | null
  /** Words of the feed -> level, where the analyst changed the table of the format. */
  readonly levels: Readonly<Record<string, RiskLevel>>
  /** Also what the feed does not mark for detection (MISP). */
  readonly all?: boolean
}

const known = 'SELECT name, version FROM pack WHERE sha256 = ?'
const sameVersion = 'SELECT 1 FROM pack WHERE name = ? AND version = ? AND id <> ?'
const insertPack = `INSERT INTO pack (name, version, created_at, imported_at, source, format, sha256, entries, rejected)
  VALUES (@name, @name, 0, @importedAt, '', @format, @sha256, 0, 0)`
const insertEntry = `INSERT INTO pack_entry (pack_id, pattern, scope, host, normal, level, category, first_seen, expires_at, note)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
const finishPack = `UPDATE pack SET name = @name, version = @version, created_at = @createdAt, source = @source,
  entries = @entries, rejected = @rejected WHERE id = @id`

/**
 * Stores one pattern pack (a file, or a MISP feed: its folder, or its manifest and events), whole or not at all. It is immutable from
 * then on.
 * @throws WorkbenchError `pack.duplicate` (these bytes are stored), `pack.*` (no known format, no pattern in it, or its
 *   name and version are taken), `evidence.unreadable`, `evidence.empty`, `evidence.changed`
 */
export async function addPack(
  context: CommandContext,
  given: string | FeedFiles,
  stated: PackStatement,
): Promise<PackRow> {
  const { db } = context
  const path = typeof given === 'string' ? given : given.manifest
  const feed =
    typeof given === 'string' ? openFeedFolder(given, context.signal) : openFeedFiles(given, context.signal)
  const file = feed ?? (await inspectEvidence(path, context.signal))
  const before = db.prepare(known).get(file.sha256) as { name: string; version: string } | undefined
  if (before)
    throw new WorkbenchError('pack.duplicate', { file: file.name, pack: `${before.name}@${before.version}` })
  const content = feed?.content ?? (await openPackFile(file))
  const reader = detectPackReader(content.head)
  if (!reader) throw new WorkbenchError(feed ? 'pack.no_patterns' : 'pack.unrecognised', { file: file.name })
  if (content.isPacked && feed === undefined)
    checkUnchanged(file, (await inspectEvidence(path, context.signal)).sha256)
  const id = store(context, { ...file, content }, reader, stated)
  const row = listPacks(db).find((pack) => pack.id === String(id))
  if (!row) throw new WorkbenchError('internal', { what: 'pack' })
  return row
}

interface OpenedPack extends EvidenceFile {
  readonly content: PackContent
}

function checkUnchanged(file: EvidenceFile, actual: string): void {
  if (actual !== file.sha256)
    throw new WorkbenchError('evidence.changed', { name: file.name, expected: file.sha256, actual })
}

/** A reader knows what is wrong but not the file's name: it is added on the way. */
function store(context: CommandContext, file: OpenedPack, reader: PackReader, stated: PackStatement): number {
  try {
    return context.db.transaction(() => storePack(context, file, reader, stated))()
  } catch (cause) {
    throw ofFile(cause, file.name)
  }
}

function storePack(
  context: CommandContext,
  file: OpenedPack,
  reader: PackReader,
  stated: PackStatement,
): number {
  const { db } = context
  const now = context.now()
  const start = { name: file.sha256, importedAt: now, format: reader.id, sha256: file.sha256 }
  const id = Number(db.prepare(insertPack).run(start).lastInsertRowid)
  const read = readInto(context, id, file, reader, stated)
  if (read.entries === 0)
    throw read.unmarked > 0
      ? new WorkbenchError('pack.unmarked', { file: file.name, unmarked: read.unmarked })
      : new WorkbenchError('pack.no_patterns', { file: file.name })
  const createdAt = stated.createdAt ?? read.header.createdAt ?? now
  const name = stated.name ?? read.header.name ?? toPackName(file.content.name)
  const version = freeVersion(db, id, name, stated.version ?? read.header.version, createdAt, file)
  const source = read.header.source ?? file.name
  db.prepare(finishPack).run({
    id,
    name,
    version,
    createdAt,
    source,
    entries: read.entries,
    rejected: read.rejected,
  })
  keepRejected(db, file.sha256, read.kept)
  packPatterns(db)
  const from = stated.createdAt !== null ? 'stated' : read.header.createdAt !== undefined ? 'file' : 'assumed'
  appendAudit(db, {
    at: now,
    action: 'pack.add',
    details: {
      pack: `${name}@${version}`,
      sha256: file.sha256,
      format: reader.id,
      entries: read.entries,
      rejected: read.rejected,
      createdAt: toIso(createdAt),
      createdAtFrom: from,
      ...(stated.level === null ? {} : { level: stated.level }),
      ...(stated.all === true ? { all: true } : {}),
      ...(read.unmarked === 0 ? {} : { unmarked: read.unmarked }),
      ...(Object.keys(stated.levels).length === 0 ? {} : { levels: stated.levels }),
    },
  })
  return id
}

/** A stated version that is taken is refused; a derived one gets the beginning of the hash. */
function freeVersion(
  db: WriteStore,
  id: number,
  name: string,
  stated: string | undefined,
  createdAt: number,
  file: EvidenceFile,
): string {
  const version = stated ?? toPackVersion(createdAt)
  const isTaken = db.prepare(sameVersion).get(name, version, id) !== undefined
  if (!isTaken) return version
  if (stated === undefined) return `${version}-${file.sha256.slice(0, 8)}`
  throw new WorkbenchError('pack.version_taken', { file: file.name, pack: `${name}@${version}` })
}

function readInto(
  { db, progress }: CommandContext,
  id: number,
  file: OpenedPack,
  reader: PackReader,
  stated: PackStatement,
): { header: PackHeaderUnit; entries: number; rejected: number; unmarked: number; kept: PackRejectedUnit[] } {
  const insert = db.prepare(insertEntry)
  const hash = createHash('sha256')
  let bytes = 0
  let entries = 0
  let rejected = 0
  let unmarked = 0
  const kept: PackRejectedUnit[] = []
  let header: PackHeaderUnit = { kind: 'header' }
  const chunks = file.content.chunks((chunk) => {
    hash.update(chunk)
    bytes += chunk.length
    progress({ done: Math.min(1, bytes / file.bytes), counters: { entries, rejected } })
  })
  for (const unit of reader.read(chunks, stated)) {
    switch (unit.kind) {
      case 'entry': {
        const { pattern } = unit
        insert.run(
          id, unit.text, pattern.scope, pattern.host, packNormal(pattern), unit.level, unit.category ?? null,
          unit.firstSeenAt ?? null, unit.expiresAt ?? null, unit.note ?? null,
        ) // prettier-ignore
        entries += 1
        break
      }
      case 'rejected':
        rejected += 1
        if (kept.length < MAX_REJECTED) kept.push(unit)
        break
      case 'unmarked':
        unmarked += 1
        break
      case 'header':
        header = mergeHeader(header, unit)
    }
  }
  if (!file.content.isPacked) checkUnchanged(file, hash.digest('hex'))
  return { header, entries, rejected, unmarked, kept }
}

const mergeHeader = (before: PackHeaderUnit, unit: PackHeaderUnit): PackHeaderUnit => ({
  kind: 'header',
  name: unit.name ?? before.name,
  version: unit.version ?? before.version,
  source: unit.source ?? before.source,
  createdAt: unit.createdAt ?? before.createdAt,
})
