import { zstdDecompressSync } from 'node:zlib'
import { verifyAudit } from '../../store/audit.ts'
import { missingMerges, verifyMergedChains } from '../../store/merged-audit.ts'
import { KEY_BYTES } from '../../store/key-writer.ts'
import {
  BLOCK_BYTES,
  HEAD_BYTES,
  IN_PLACE_FRAME,
  RAW_RECORD_LIMIT,
  SOURCE_FRAME,
} from '../../store/raw-writer.ts'
import type { ReadStore } from '../../store/store.ts'
import type { Findings } from './findings.ts'

/** Complaints of SQLite that are shown; a damaged file has thousands. */
const MAX_COMPLAINTS = 20
/** A block is never larger than it is written (raw-writer.ts); a hostile one must not fill the memory. */
const MAX_BLOCK = BLOCK_BYTES + RAW_RECORD_LIMIT * 2 + 1024 * 1024

/** Does SQLite find its own structures as they should be: pages, indexes, search index, references between tables? */
export function checkIntegrity(db: ReadStore, findings: Findings): void {
  const complaints = (db.pragma(`integrity_check(${MAX_COMPLAINTS})`) as { integrity_check: string }[]).map(
    (row) => row.integrity_check,
  )
  const broken = complaints.filter((text) => text !== 'ok')
  for (const detail of broken) findings.problem('case.integrity', 'case', { detail })
  const dangling = db.pragma('foreign_key_check') as { table: string; parent: string }[]
  for (const table of new Set(dangling.map((row) => row.table)))
    findings.problem('case.references', table, {
      count: dangling.filter((row) => row.table === table).length,
    })
  if (broken.length === 0 && dangling.length === 0) findings.holds('holds.integrity', 'case')
}

/** Is every entry of the audit log the one its hash was made of, in an unbroken chain? */
export function checkAudit(db: ReadStore, findings: Findings): { head: string; entries: number } {
  const { ok, entries, head, brokenAt } = verifyAudit(db)
  if (ok) findings.holds('holds.audit', 'audit', { entries, head })
  else findings.problem('audit.broken', `entry ${brokenAt ?? entries}`, { entry: brokenAt ?? entries })
  return { head, entries }
}

/** Are the logs of colleagues whose work was merged whole, and those that our own log names (ADR 0030)? */
export function checkMerged(db: ReadStore, findings: Findings): void {
  let [whole, entries] = [0, 0]
  for (const { merge, by, ok, isAnchored, brokenAt, entries: count } of verifyMergedChains(db)) {
    const where = `merge ${merge}`
    if (!ok) findings.problem('merged.broken', where, { by, entry: brokenAt ?? count })
    else if (!isAnchored) findings.problem('merged.replaced', where, { by })
    else {
      whole += 1
      entries += count
    }
  }
  for (const merge of missingMerges(db)) findings.problem('merged.missing', `merge ${merge}`)
  if (whole > 0) findings.holds('holds.merged', 'merge', { count: whole, entries })
}

interface Counted {
  readonly id: number
  readonly name: string
  readonly status: string
  readonly bytes: number
  readonly bytes_read: number
  readonly read: number
  readonly stored: number
  readonly duplicate: number
  readonly rejected: number
  readonly kept: number
}
const counted = `SELECT e.id, e.name, e.status, e.bytes, e.bytes_read, e.read, e.stored, e.duplicate, e.rejected,
  (SELECT coalesce(sum(b.records), 0) FROM raw_block b WHERE b.evidence_id = e.id) AS kept FROM evidence e ORDER BY e.id`
const orphans = `SELECT count(*) FROM event WHERE evidence_id NOT IN (SELECT id FROM evidence)`

/** Does every record that was read lie somewhere: stored, known duplicate or rejected (TRUST.md 2)? */
export function checkConservation(db: ReadStore, findings: Findings): void {
  const rows = db.prepare(counted).all() as Counted[]
  let sound = 0
  for (const row of rows) {
    const where = `evidence ${row.id}`
    const { name, read, stored, duplicate, rejected, bytes, bytes_read, kept } = row
    if (row.status === 'importing' || row.status === 'cancelled' || row.status === 'failed') {
      findings.note('evidence.unfinished', where, { name, status: row.status })
      continue
    }
    let isSound = true
    const fail = (code: string, params: Record<string, string | number>): void => {
      findings.problem(code, where, { name, ...params })
      isSound = false
    }
    if (read !== stored + duplicate + rejected)
      fail('conservation.records', { read, stored, duplicate, rejected })
    if (bytes_read !== bytes) fail('conservation.bytes', { read: bytes_read, bytes })
    if (kept < stored + duplicate || kept > read)
      fail('conservation.kept', { kept, expected: stored + duplicate })
    if (isSound) sound += 1
  }
  const lost = db.prepare(orphans).pluck().get() as number
  if (lost > 0) findings.problem('case.references', 'event', { count: lost })
  if (sound > 0) findings.holds('holds.conservation', 'evidence', { count: sound })
}

interface Block {
  readonly evidence_id: number
  readonly first_record: number
  readonly records: number
  readonly data: Buffer
  readonly keys: Buffer | null
}
const blocks =
  'SELECT evidence_id, first_record, records, data, keys FROM raw_block ORDER BY evidence_id, first_record'

/** Do the bytes unpack to as many whole records as the block says, each with the source it stands in (raw-writer.ts)? */
function isWhole({ data, records, keys }: Block): boolean {
  const bytes = zstdDecompressSync(data, { maxOutputLength: MAX_BLOCK })
  let at = 0
  let found = 0
  let hasSource = false
  while (at + HEAD_BYTES <= bytes.length) {
    const kind = bytes.readUInt8(at + 8)
    if (kind > IN_PLACE_FRAME || (kind === IN_PLACE_FRAME && !hasSource)) return false
    if (kind === SOURCE_FRAME) hasSource = true
    else found += 1
    at += HEAD_BYTES + bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4)
  }
  return at === bytes.length && found === records && (keys === null || keys.length === records * KEY_BYTES)
}

/** Can every raw record be read back? */
export function checkRecords(db: ReadStore, findings: Findings, signal?: AbortSignal): void {
  let [count, records, broken] = [0, 0, 0]
  let expected = { evidence: 0, record: 0 }
  for (const block of db.prepare(blocks).iterate() as IterableIterator<Block>) {
    signal?.throwIfAborted()
    const last = block.first_record + block.records - 1
    const where = `evidence ${block.evidence_id}, records ${block.first_record}-${last}`
    let fits = expected.evidence !== block.evidence_id || block.first_record >= expected.record
    expected = { evidence: block.evidence_id, record: last + 1 }
    try {
      fits &&= isWhole(block)
    } catch (cause) {
      // Whatever the decompressor makes of changed bytes (corrupt, too large, too short): the block cannot be read.
      if (!(cause instanceof Error)) throw cause
      fits = false
    }
    if (!fits) {
      findings.problem('records.unreadable', where)
      broken += 1
    }
    count += 1
    records += block.records
  }
  if (broken === 0 && count > 0) findings.holds('holds.records', 'records', { blocks: count, records })
}
