import { WorkbenchError } from '../model/errors.ts'
import { appendAudit } from '../store/audit.ts'
import { findEvidence } from '../store/evidence.ts'
import { storePendingKeys } from '../store/key-writer.ts'
import { StringWriter } from '../store/strings.ts'
import type { WriteStore } from '../store/store.ts'
import { forgetTextSegments } from '../store/text-segment-writer.ts'
import { unpackItems } from './duplicate-items.ts'
import { RecordSink } from './record-sink.ts'
import { dropUnused, stringsOf } from './unused-strings.ts'

/**
 * In the order foreign keys allow. Relations, detections and entities are derived: the next correlation run rebuilds them. Until
 * then none is shown whose proof is gone.
 */
const DELETES = [
  'DELETE FROM event WHERE evidence_id = ?',
  'DELETE FROM event_count WHERE evidence_id = ?',
  'DELETE FROM message WHERE evidence_id = ?',
  'DELETE FROM directory_object WHERE evidence_id = ?',
  'DELETE FROM directory_edge WHERE evidence_id = ?',
  'DELETE FROM issue WHERE evidence_id = ?',
  'DELETE FROM raw_block WHERE evidence_id = ?',
  'DELETE FROM raw_heading WHERE evidence_id = ?',
  'DELETE FROM record_key WHERE evidence_id = ?',
  'DELETE FROM duplicate_record WHERE evidence_id = ?',
  'DELETE FROM evidence_part WHERE evidence_id = ?',
  'DELETE FROM sweep_sighting WHERE evidence_id = ?',
  'DELETE FROM relation WHERE id IN (SELECT relation_id FROM relation_proof WHERE evidence_id = ?)',
  'DELETE FROM detection WHERE id IN (SELECT detection_id FROM detection_proof WHERE evidence_id = ?)',
  'DELETE FROM alias WHERE evidence_id = ?',
  'DELETE FROM evidence WHERE id = ?',
] as const

const orphans = `SELECT d.evidence_id, d.record, d.key, d.items FROM duplicate_record d
  WHERE d.evidence_id <> @id AND EXISTS (SELECT 1 FROM record_key k WHERE k.key = d.key AND k.evidence_id = @id)
  ORDER BY d.evidence_id, d.record`
interface Heir {
  readonly evidence_id: number
  readonly record: number
  readonly key: Buffer
  readonly items: Buffer
}
const adopt = 'INSERT INTO record_key (key, evidence_id, record) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'

/**
 * Removes one evidence item and all that it brought. Records of other evidence that were known duplicates of its
 * records take their place, so that removing a file never hides what another file also says.
 */
export function removeEvidence(db: WriteStore, id: number, now: number): void {
  const row = findEvidence(db, id)
  if (!row) throw new WorkbenchError('request.not_found', { what: `evidence ${id}` })
  db.transaction(() => {
    storePendingKeys(db)
    const heirs = db.prepare(orphans).all({ id }) as Heir[]
    const texts = stringsOf(db, id)
    for (const sql of DELETES) db.prepare(sql).run(id)
    forgetTextSegments(db)
    adoptRecords(db, heirs)
    dropUnused(db, texts)
    db.prepare('DELETE FROM url WHERE id NOT IN (SELECT url_id FROM message_url)').run()
    db.prepare(
      `INSERT INTO case_info (key, value) VALUES ('correlation_stale', '1') ON CONFLICT (key) DO UPDATE SET value = '1'`,
    ).run()
    appendAudit(db, {
      at: now,
      action: 'evidence.remove',
      evidenceId: id,
      details: { name: row.name, sha256: row.sha256 },
    })
  })()
}

/** Stores what duplicates held back: of those of one record the first, the others are duplicates of it now. */
function adoptRecords(db: WriteStore, heirs: readonly Heir[]): void {
  const strings = new StringWriter(db)
  const adoptKey = db.prepare(adopt)
  const forget = db.prepare('DELETE FROM duplicate_record WHERE evidence_id = ? AND record = ?')
  const count = db.prepare('UPDATE evidence SET stored = stored + 1, duplicate = duplicate - 1 WHERE id = ?')
  const assume = db.prepare('UPDATE evidence SET zone_assumed = 1 WHERE id = ?')
  let sink: { readonly of: number; readonly records: RecordSink } | undefined
  // Heirs come one evidence after the other: the events of one are numbered before the next begins.
  const finish = () => {
    sink?.records.flush()
    if (sink?.records.zoneAssumed === true) assume.run(sink.of)
    sink = undefined
  }
  for (const { evidence_id: evidence, record, key, items } of heirs) {
    if (adoptKey.run(key, evidence, record).changes === 0) continue
    if (sink?.of !== evidence) {
      finish()
      const none = { read: 0, stored: 0, duplicate: 0, rejected: 0, record: 0 }
      sink = { of: evidence, records: new RecordSink(db, strings, evidence, none) }
    }
    for (const item of unpackItems(items)) sink.records.addItem(record, item)
    forget.run(evidence, record)
    count.run(evidence)
  }
  finish()
}
