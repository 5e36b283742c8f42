import { resolveIdentities } from '../identity/resolve.ts'
import { appendAudit } from '../store/audit.ts'
import { readInfo, writeInfo } from '../store/case-info.ts'
import type { WriteStore } from '../store/store.ts'
import { toIso } from '../store/time.ts'
import { rules as allRules } from './registry.ts'
import { DetectionTable } from './detection-table.ts'
import { DraftedEntities } from './drafted-entities.ts'
import { RelationTable } from './relation-table.ts'
import { isDetection, type Rule } from './rule.ts'
import { CorrelationView } from './view.ts'

export interface CorrelationResult {
  entities: number
  relations: number
  detections: number
  rules: { id: string; relations: number; detections: number; error: string | null }[]
  seconds: number
}

export interface RunOptions {
  readonly now: () => number
  readonly signal: AbortSignal
  readonly onRule: (id: string, index: number, total: number) => void
  readonly rules?: readonly Rule[]
}

const addAddress = `INSERT INTO alias (entity_id, kind, value, evidence_id, record, confidence, reason) VALUES (?, 'ip', ?, ?, ?, 0.6, ?) ON CONFLICT DO NOTHING`

/** Addresses are names of an endpoint for a time only; the reason says from when to when. */
function saveAddresses(db: WriteStore, view: CorrelationView): void {
  const alias = db.prepare(addAddress)
  for (const span of view.addresses.spans()) {
    const params = { first: toIso(span.first), last: toIso(span.last) }
    alias.run(
      span.endpointId,
      span.ip,
      span.evidenceId,
      span.record,
      JSON.stringify({ key: 'identity.host_address', params }),
    )
  }
}

const counts =
  'SELECT (SELECT count(*) FROM entity) AS entities, (SELECT count(*) FROM relation) AS relations, (SELECT count(*) FROM detection) AS detections'

/**
 * Identity and all rules over everything stored, in one transaction: readers see the old graph until the new one is
 * whole, a kill leaves the old one. Entities and relations keep their ids where they are found again. A rule that fails
 * is listed with its error; the others stand.
 */
export function correlate(db: WriteStore, options: RunOptions): CorrelationResult {
  const started = performance.now()
  const rules = options.rules ?? allRules
  const result: CorrelationResult = { entities: 0, relations: 0, detections: 0, rules: [], seconds: 0 }
  db.transaction(() => {
    const run = Number(readInfo(db, 'correlation_run') ?? 0) + 1
    const book = resolveIdentities(db, run)
    const view = new CorrelationView(db, book)
    const drafted = new DraftedEntities(new Map([...book.entities].map(([key, entity]) => [key, entity.id])))
    const table = new RelationTable(drafted)
    const detected = new DetectionTable(drafted)
    for (const [index, rule] of rules.entries()) {
      options.signal.throwIfAborted()
      options.onRule(rule.id, index, rules.length)
      const before = { relations: table.size, detections: detected.size }
      let error: string | null = null
      try {
        for (const find of rule.run(view)) {
          if (isDetection(find)) detected.add(rule.id, find)
          else table.add(rule.id, find)
        }
      } catch (thrown) {
        error = thrown instanceof Error ? thrown.message : String(thrown)
        process.stderr.write(
          `redthread: rule ${rule.id} failed: ${thrown instanceof Error ? String(thrown.stack) : ''}\n`,
        )
      }
      result.rules.push({
        id: rule.id,
        relations: table.size - before.relations,
        detections: detected.size - before.detections,
        error,
      })
    }
    const ids = drafted.save(db, run)
    table.save(db, run, ids)
    detected.save(db, run, ids)
    saveAddresses(db, view)
    db.prepare('DELETE FROM detection WHERE run <> ?').run(run)
    db.prepare('DELETE FROM relation WHERE run <> ?').run(run)
    db.prepare('DELETE FROM entity WHERE run <> ?').run(run)
    writeInfo(db, 'correlation_run', String(run))
    writeInfo(db, 'correlation_stale', '0')
    const total = db.prepare(counts).get() as {
      entities: number
      relations: number
      detections: number
    }
    result.entities = total.entities
    result.relations = total.relations
    result.detections = total.detections
    appendAudit(db, {
      at: options.now(),
      action: 'correlation.run',
      details: {
        run,
        entities: result.entities,
        relations: result.relations,
        detections: result.detections,
        failed: result.rules.filter((rule) => rule.error !== null).map((rule) => rule.id),
      },
    })
  })()
  result.seconds = (performance.now() - started) / 1000
  return result
}
