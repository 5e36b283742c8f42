import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CorrelationResult } from '../../core/correlation/run.ts'
import { correlate } from '../../core/correlation/run.ts'
import type { Rule } from '../../core/correlation/rule.ts'
import { RecordSink } from '../../core/evidence/record-sink.ts'
import type { RecordItem } from '../../core/importers/importer.ts'
import { resolveIdentities } from '../../core/identity/resolve.ts'
import { CorrelationView, ViewSource } from '../../core/correlation/view.ts'
import type { EventFields, EventItem, EventKind } from '../../core/model/event.ts'
import { createCase, openForWriting } from '../../core/store/case-file.ts'
import { insertEvidence } from '../../core/store/evidence.ts'
import { StringWriter } from '../../core/store/strings.ts'
import type { WriteStore } from '../../core/store/store.ts'

/** Fixed "now" of test cases: 2026-04-01T00:00:00Z in microseconds. */
export const TEST_NOW = Date.UTC(2026, 3, 1) * 1000

/** A relation as a test reads it. */
export interface FoundRelation {
  readonly kind: string
  readonly from: string
  readonly fromKind: string
  readonly to: string
  readonly toKind: string
  readonly count: number
  readonly confidence: number
  readonly rule: string
  readonly reason: { readonly key: string; readonly params: Readonly<Record<string, string | number>> }
  readonly firstAt: number | null
  readonly proofs: number
}

const listRelations = `SELECT r.kind, f.name AS "from", f.kind AS fromKind, t.name AS "to", t.kind AS toKind, r.count, r.confidence,
  r.rule, r.reason, r.first_at AS firstAt, (SELECT count(*) FROM relation_proof p WHERE p.relation_id = r.id) AS proofs
  FROM relation r JOIN entity f ON f.id = r.from_id JOIN entity t ON t.id = r.to_id ORDER BY r.kind, f.name, t.name, r.id`

/** A detection as a test reads it. */
export interface FoundDetection {
  readonly rule: string
  readonly what: string
  readonly level: string
  readonly subject: string
  readonly subjectKind: string
  readonly involved: readonly string[]
  readonly count: number
  readonly confidence: number
  readonly reason: { readonly key: string; readonly params: Readonly<Record<string, string | number>> }
  readonly firstAt: number | null
  readonly lastAt: number | null
  readonly proofs: number
}

const listDetections = `SELECT d.id, d.rule, d.what, d.level, e.name AS subject, e.kind AS subjectKind, d.count, d.confidence, d.reason,
  d.first_at AS firstAt, d.last_at AS lastAt, (SELECT count(*) FROM detection_proof p WHERE p.detection_id = d.id) AS proofs
  FROM detection d JOIN entity e ON e.id = d.subject_id ORDER BY d.what, e.name, d.id`
const involvedNames = `SELECT e.name FROM detection_entity p JOIN entity e ON e.id = p.entity_id JOIN detection d ON d.id = p.detection_id
  WHERE d.id = ? AND e.id <> d.subject_id ORDER BY e.name`

/** A real case file in a temporary folder. Close it (or `using`) to remove the folder. */
export class TestCase {
  readonly path: string
  readonly db: WriteStore
  readonly #folder: string
  readonly #close: () => void

  constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), 'redthread-test-'))
    this.path = join(this.#folder, 'test.redthread')
    createCase(this.path, 'UTC', 'test', TEST_NOW)
    const opened = openForWriting(this.path)
    this.db = opened.db
    // Nobody reads a test's case after a power cut: no waiting for the disk.
    this.db.pragma('synchronous = OFF')
    this.#close = () => opened.close()
  }

  /** Stores the items as one evidence file, one record per item, the way an import does. Returns the evidence id. */
  store(items: readonly RecordItem[], name = 'items.json'): number {
    const id = insertEvidence(this.db, {
      name,
      sha256: String(Math.trunc(performance.now() * 1e6)).padStart(64, '0'),
      bytes: 0,
      mtimeUs: TEST_NOW,
      zone: 'UTC',
      importedAt: TEST_NOW,
      path: name,
      formatOverride: null,
      choices: { dateOrder: null, mapping: null },
      cursor: { part: 0, records: 0, importer: null },
    })
    this.db.transaction(() => {
      const sink = new RecordSink(this.db, new StringWriter(this.db), id, {
        read: 0,
        stored: 0,
        duplicate: 0,
        rejected: 0,
        record: 0,
      })
      for (const [index, item] of items.entries()) {
        sink.addRecord('', {
          kind: 'record',
          locator: `record ${index + 1}`,
          raw: JSON.stringify(item),
          items: [item],
        })
      }
      sink.flush()
    })()
    return id
  }

  /** Runs identity and the given rules (all registered ones when left out); `full` keeps nothing of the last run. */
  correlate(rules?: readonly Rule[], full = false): CorrelationResult {
    return correlate(this.db, {
      now: () => TEST_NOW,
      signal: new AbortController().signal,
      onRule: () => undefined,
      full,
      ...(rules === undefined ? {} : { rules }),
    })
  }

  /** Identity only, and the view rules read, of one endpoint or of the whole case: for tests of the indexes. */
  view(endpointId: number | null = null): CorrelationView {
    const book = this.db.transaction(() => resolveIdentities(this.db, 1))()
    return new CorrelationView(new ViewSource(this.db, book), endpointId)
  }

  relations(): FoundRelation[] {
    const rows = this.db.prepare(listRelations).all() as (Omit<FoundRelation, 'reason'> & {
      reason: string
    })[]
    return rows.map((row) => ({ ...row, reason: JSON.parse(row.reason) as FoundRelation['reason'] }))
  }

  detections(): FoundDetection[] {
    const rows = this.db.prepare(listDetections).all() as (Omit<FoundDetection, 'reason' | 'involved'> & {
      id: number
      reason: string
    })[]
    const names = this.db.prepare(involvedNames).pluck()
    return rows.map(({ id, ...row }) => ({
      ...row,
      involved: names.all(id) as string[],
      reason: JSON.parse(row.reason) as FoundDetection['reason'],
    }))
  }

  close(): void {
    this.#close()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

/** A relation as rule examples write it. */
export const relationText = (relation: FoundRelation): string =>
  `${relation.kind}: ${relation.from} -> ${relation.to}`

/** A detection as rule examples write it. */
export const detectionText = (detection: FoundDetection): string => `!${detection.what}: ${detection.subject}`

/** What rules find in the items, over a real case file. */
export function findRelations(
  items: readonly RecordItem[],
  rules: readonly Rule[],
): { relations: FoundRelation[]; detections: FoundDetection[]; errors: string[] } {
  using testCase = new TestCase()
  testCase.store(items)
  const result = testCase.correlate(rules)
  return {
    relations: testCase.relations(),
    detections: testCase.detections(),
    errors: result.rules.flatMap((rule) => (rule.error === null ? [] : [`${rule.id}: ${rule.error}`])),
  }
}

/** An event for a test: time as ISO text, host WS-01 unless the fields say otherwise. */
export function anEvent(kind: EventKind, at: string, fields: EventFields): EventItem {
  return { type: 'event', kind, at: Date.parse(at) * 1000, fields: { host: 'WS-01.corp.example', ...fields } }
}
