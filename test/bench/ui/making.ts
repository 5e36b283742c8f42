/** Makes the case of the bench as a process of its own: `making DEMO OUT EVENTS` (bundled: the store reads its migrations by glob). */
import { copyFileSync } from 'node:fs'
import { RecordSink } from '../../../core/evidence/record-sink.ts'
import type { RecordItem } from '../../../core/importers/importer.ts'
import { openForWriting } from '../../../core/store/case-file.ts'
import { insertEvidence } from '../../../core/store/evidence.ts'
import { buildEventIndexes, dropEventIndexes } from '../../../core/store/indexes.ts'
import { stringFinder, StringWriter } from '../../../core/store/strings.ts'
import type { WriteStore } from '../../../core/store/store.ts'
import { IdentifierGramWriter } from '../../../core/store/identifier-gram-writer.ts'
import { TextSegmentWriter } from '../../../core/store/text-segment-writer.ts'
import { accountOf, hostOf, sensorExport, sizeOf } from './company.ts'

/** Sensor exports the events come from. */
const PARTS = 5
const BATCH = 20_000
const NOW_US = Date.UTC(2026, 2, 20) * 1000

const endEvidence = `UPDATE evidence SET status = 'done', format = 'json-lines', confidence = 1, read = @read, stored = @stored,
  duplicate = @duplicate, rejected = @rejected, bytes_read = bytes WHERE id = @id`
const insertEntity = `INSERT INTO entity (key, kind, name, attributes, run) VALUES (?, ?, ?, '{}', 0)`

const [, , demo = '', out = '', size = ''] = process.argv
copyFileSync(demo, out)
const opened = openForWriting(out)
try {
  fill(opened.db, Number(size))
} finally {
  opened.close()
}

function fill(db: WriteStore, events: number): void {
  // Nobody reads a bench's case after a power cut.
  db.pragma('synchronous = OFF')
  db.pragma('wal_autocheckpoint = 16384')
  dropEventIndexes(db)
  for (let part = 0; part < PARTS; part += 1)
    store(db, `sensor-${part + 1}.ndjson`, sensorExport(events, part, PARTS))
  tie(db, events)
  buildEventIndexes(db)
  // What the job thread does in idle times.
  const texts = new TextSegmentWriter(db)
  const identifiers = new IdentifierGramWriter(db)
  for (let isMore = true; isMore;) isMore = texts.next() || identifiers.next()
}

/** Stores the items as one evidence file, one record per item, the way an import does. */
function store(db: WriteStore, name: string, items: Iterable<RecordItem>): void {
  const id = insertEvidence(db, {
    name,
    sha256: name.padEnd(64, '0'),
    bytes: 1e9,
    mtimeUs: NOW_US,
    zone: 'UTC',
    importedAt: NOW_US,
    path: name,
    formatOverride: null,
    choices: { dateOrder: null, mapping: null },
    cursor: { part: 0, records: 0, importer: null },
  })
  const sink = new RecordSink(db, new StringWriter(db), id, {
    read: 0,
    stored: 0,
    duplicate: 0,
    rejected: 0,
    record: 0,
  })
  let batch: RecordItem[] = []
  let record = 0
  const write = db.transaction(() => {
    for (const item of batch) {
      record += 1
      sink.addRecord('', {
        kind: 'record',
        locator: `line ${record}`,
        raw: JSON.stringify(item),
        items: [item],
      })
    }
    sink.flush()
  })
  for (const item of items) {
    batch.push(item)
    if (batch.length < BATCH) continue
    write()
    batch = []
  }
  write()
  db.prepare(endEvidence).run({ id, ...sink.counts })
}

/** Endpoints and users of the company, and their events: what the identity engine would find, without its minutes. */
function tie(db: WriteStore, events: number): void {
  const { endpoints, users } = sizeOf(events)
  db.exec('CREATE TEMP TABLE tied (text INTEGER PRIMARY KEY, entity INTEGER NOT NULL)')
  const insert = db.prepare(insertEntity)
  const find = stringFinder(db)
  const add = db.prepare('INSERT INTO tied VALUES (?, ?)')
  const tieOne = (text: string, kind: string) => {
    const stringId = find(text)
    const { lastInsertRowid } = insert.run(`${kind}:${text.toLowerCase()}`, kind, text)
    if (stringId !== undefined) add.run(stringId, lastInsertRowid)
  }
  db.transaction(() => {
    for (let index = 0; index < endpoints; index += 1) tieOne(hostOf(index), 'endpoint')
    for (let index = 0; index < users; index += 1) tieOne(accountOf(index), 'user')
    db.prepare(
      `UPDATE event SET endpoint_id = (SELECT entity FROM tied WHERE text = host),
       user_id = (SELECT entity FROM tied WHERE text = account) WHERE host IN (SELECT text FROM tied)`,
    ).run()
  })()
}
