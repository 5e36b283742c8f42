import packageJson from '../../package.json' with { type: 'json' }
import type { EntityBook } from '../identity/entity-book.ts'
import { isMailEntity } from '../identity/mail-entities.ts'
import { buildIdentities } from '../identity/resolve.ts'
import { holdAnalystWork, placeAnalystWork } from '../store/analyst-graph.ts'
import type { EntityKind } from '../model/relation.ts'
import { appendAudit } from '../store/audit.ts'
import { FAILED_RULES, readInfo, writeInfo } from '../store/case-info.ts'
import { relinkSightings } from '../store/sighting-links.ts'
import type { WriteStore } from '../store/store.ts'
import { type DetectionEntry, detectionKey, DetectionRows, foldDetections } from './detection-table.ts'
import { writeClocks } from './clocks/clock-table.ts'
import { CaseDigests } from './digests.ts'
import { type EntityEntry, EntityRows, foldEntities } from './drafted-entities.ts'
import { saveIdentities, saveMail } from './identity-rows.ts'
import { MENTION } from './mention.ts'
import { mergeParts } from './merge.ts'
import { rules as allRules } from './registry.ts'
import { foldRelations, type RelationEntry, RelationRows } from './relation-table.ts'
import type { Rule } from './rule.ts'
import { LeftOvers, withTightHeap } from './tight-heap.ts'
import { isCurrent, listUnits, runUnit, type Unit, unitName } from './units.ts'
import { findKey, type FoundEntry, isDetectionEntry, UnitStore } from './unit-store.ts'
import { ViewSource } from './view.ts'
import { noteDefect } from '../local/defect-log.ts'

export interface CorrelationResult {
  entities: number
  relations: number
  detections: number
  /** What each rule says, in all its units, and how many of them had to run. */
  rules: {
    id: string
    relations: number
    detections: number
    error: string | null
    reused: number
    run: number
  }[]
  /** Units (a rule in the whole case, or on one endpoint) whose input was the same as last time, and those that ran. */
  reused: number
  run: number
  seconds: number
}

export interface RunOptions {
  readonly now: () => number
  readonly signal: AbortSignal
  readonly onRule: (id: string, index: number, total: number) => void
  readonly rules?: readonly Rule[]
  /** Runs every rule again and writes everything anew. */
  readonly full?: boolean
}

const FORGET_OLD = [
  'DELETE FROM detection WHERE run <> ?',
  'DELETE FROM relation WHERE run <> ?',
  'DELETE FROM entity WHERE run <> ?',
]
const counts =
  'SELECT (SELECT count(*) FROM entity) AS entities, (SELECT count(*) FROM relation) AS relations, (SELECT count(*) FROM detection) AS detections'

/**
 * Identity, then every rule whose input changed since it last ran; what the others found is kept (ADR 0025). In one
 * transaction: readers see the old graph until the new one is whole, a kill leaves the old one. Entities and relations keep
 * their ids where they are found again. A rule that fails is listed with its error; the others stand.
 */
export function correlate(db: WriteStore, options: RunOptions): CorrelationResult {
  return withTightHeap(() => correlateOrAnew(db, options))
}

function correlateOrAnew(db: WriteStore, options: RunOptions): CorrelationResult {
  const started = performance.now()
  const isFirst = db.prepare('SELECT 1 FROM correlation_unit LIMIT 1').get() === undefined
  const full = options.full === true || isFirst
  let result: CorrelationResult
  try {
    result = db.transaction(() => correlateOnce(db, options, full))()
  } catch (thrown) {
    if (full || options.signal.aborted) throw thrown
    // What is kept of the last run may be damaged, or made by somebody else: the evidence is not.
    noteDefect(thrown, 'correlation, which starts anew')
    result = db.transaction(() => correlateOnce(db, options, true))()
  }
  return { ...result, seconds: (performance.now() - started) / 1000 }
}

function correlateOnce(db: WriteStore, options: RunOptions, full: boolean): CorrelationResult {
  const rules = options.rules ?? allRules
  const run = Number(readInfo(db, 'correlation_run') ?? 0) + 1
  options.onRule(rules[0]?.id ?? '', 0, rules.length)
  holdAnalystWork(db, run)
  const book = buildIdentities(db, run)
  options.signal.throwIfAborted()
  const source = new ViewSource(db, book)
  const digests = new CaseDigests(db, book, () => source.addresses().index)
  const store = new UnitStore(db, (id) => digests.generationOf(id), !full)
  if (full) store.clear()
  saveMail(db, store, run, full)
  const units = listUnits(rules, book, digests, packageJson.version)
  const failed = runUnits(units, { options, rules, source, digests, store })
  source.forgetIndexes()
  saveIdentities(db, book, source.addresses().index, store, run, full)
  options.signal.throwIfAborted()
  merge(db, book, rules, store, run, full)
  if (full) for (const sql of FORGET_OLD) db.prepare(sql).run(run)
  placeAnalystWork(db, run)
  relinkSightings(db)
  writeClocks(db, source)
  writeInfo(db, 'correlation_run', String(run))
  writeInfo(db, 'correlation_stale', '0')
  writeInfo(db, FAILED_RULES, JSON.stringify([...failed.errors.keys()]))
  const total = db.prepare(counts).get() as Pick<CorrelationResult, 'entities' | 'relations' | 'detections'>
  const result = { ...total, ...summary(rules, store, failed), seconds: 0 }
  appendAudit(db, {
    at: options.now(),
    action: 'correlation.run',
    details: {
      run,
      ...total,
      reused: result.reused,
      ran: result.run,
      failed: [...failed.errors.keys()],
    },
  })
  return result
}

interface Work {
  readonly options: RunOptions
  readonly rules: readonly Rule[]
  readonly source: ViewSource
  readonly digests: CaseDigests
  readonly store: UnitStore
}
/** How the units went. */
interface Outcome {
  readonly errors: ReadonlyMap<string, string>
  /** Rule -> units that ran. */
  readonly ran: ReadonlyMap<string, number>
}

/** Runs the units whose input changed, and forgets those that are no more. */
function runUnits(units: readonly Unit[], work: Work): Outcome {
  const { options, source, digests, store } = work
  const known = new Map(store.list().map((unit) => [unitName(unit.rule, unit.scope), unit]))
  const stale: Unit[] = []
  for (const unit of units) {
    const name = unitName(unit.rule.id, unit.scope)
    if (!isCurrent(unit, known.get(name), digests)) stale.push(unit)
    known.delete(name)
  }
  for (const unit of known.values()) store.remove(unit)
  const mentions = work.rules.some((rule) => rule.id === MENTION.rule)
  const errors = new Map<string, string>()
  const ran = new Map<string, number>()
  const leftOvers = new LeftOvers()
  for (const [index, unit] of stale.entries()) {
    options.signal.throwIfAborted()
    options.onRule(unit.rule.id, index, stale.length)
    const { error } = runUnit(unit, source, digests, store, mentions)
    if (unit.endpointId === null) leftOvers.clear()
    if (error !== null) errors.set(unit.rule.id, error)
    ran.set(unit.rule.id, (ran.get(unit.rule.id) ?? 0) + 1)
  }
  return { errors, ran }
}

/** Brings the finds of all units together and writes what is different. */
function merge(
  db: WriteStore,
  book: EntityBook,
  rules: readonly Rule[],
  store: UnitStore,
  run: number,
  full: boolean,
): void {
  const order = new Map(rules.map((rule, index) => [rule.id, index]))
  const ranks = new Map(
    store
      .listNames()
      .sort(
        (a, b) =>
          Number(a.scope === '') - Number(b.scope === '') ||
          (a.scope < b.scope ? -1 : a.scope > b.scope ? 1 : 0) ||
          (order.get(a.rule) ?? 0) - (order.get(b.rule) ?? 0),
      )
      .map(({ id }, index) => [id, index]),
  )
  const { touched, gone } = store
  const isIdentity = identityKeys(db, book)
  const entityRows = new EntityRows(db, run)
  mergeParts<EntityEntry>(
    db,
    'entity',
    full ? undefined : touched.entity,
    ranks,
    ({ key }) => key,
    (said) => {
      const entity = foldEntities(said)
      if (!entity) return
      gone.entities.delete(entity.key)
      // What identity knows of it stands.
      if (!isIdentity(entity.key, entity.kind)) entityRows.write(entity)
    },
    foldEntities,
  )
  const stored = db.prepare('SELECT id FROM entity WHERE key = ?').pluck()
  const findId = (key: string): number | undefined =>
    book.entities.get(key)?.id ?? (stored.get(key) as number | undefined)
  const idOf = (key: string): number => {
    const id = findId(key)
    if (id === undefined) throw new Error(`No entity has the key ${key}`)
    return id
  }
  const relationRows = new RelationRows(db, run)
  const detectionRows = new DetectionRows(db, run)
  mergeParts<FoundEntry>(db, 'find', full ? undefined : touched.find, ranks, findKey, (said) => {
    const [first] = said
    if (!first) return
    gone.finds.delete(findKey(first))
    if (isDetectionEntry(first)) {
      const found = foldDetections(said as readonly DetectionEntry[])
      if (found) detectionRows.write(found, idOf(found.subject), found.involved.map(idOf))
    } else {
      const found = foldRelations(said as readonly RelationEntry[])
      if (found) relationRows.write(found, idOf(found.from), idOf(found.to))
    }
  })
  forget(db, store, findId, isIdentity)
}

/** Whether identity knows an entity. The kind is left out where it is not known. */
function identityKeys(db: WriteStore, book: EntityBook): (key: string, kind?: EntityKind) => boolean {
  const mail = db
    .prepare('SELECT 1 FROM entity e JOIN correlation_identity c ON c.entity_id = e.id WHERE e.key = ?')
    .pluck()
  return (key, kind) =>
    book.entities.has(key) || ((kind === undefined || isMailEntity(kind)) && mail.get(key) !== undefined)
}

/** Deletes what no unit says any more. */
function forget(
  db: WriteStore,
  store: UnitStore,
  findId: (key: string) => number | undefined,
  isIdentity: (key: string) => boolean,
): void {
  const relation = db.prepare('DELETE FROM relation WHERE kind = ? AND from_id = ? AND to_id = ?')
  const detection = db.prepare('DELETE FROM detection WHERE key = ?')
  for (const find of store.gone.finds.values())
    if (isDetectionEntry(find)) detection.run(detectionKey(find))
    else relation.run(find.kind, findId(find.from) ?? null, findId(find.to) ?? null)
  const entity = db.prepare('DELETE FROM entity WHERE key = ?')
  for (const key of store.gone.entities) if (!isIdentity(key)) entity.run(key)
}

function summary(
  rules: readonly Rule[],
  store: UnitStore,
  { errors, ran }: Outcome,
): Pick<CorrelationResult, 'rules' | 'reused' | 'run'> {
  const found = store.totals()
  const byRule = rules.map(({ id }) => {
    const { units = 0, relations = 0, detections = 0 } = found.get(id) ?? {}
    const run = ran.get(id) ?? 0
    return { id, relations, detections, error: errors.get(id) ?? null, reused: units - run, run }
  })
  return {
    rules: byRule,
    reused: byRule.reduce((sum, rule) => sum + rule.reused, 0),
    run: byRule.reduce((sum, rule) => sum + rule.run, 0),
  }
}
