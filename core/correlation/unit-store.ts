import { hash } from 'node:crypto'
import { readInfo } from '../store/case-info.ts'
import type { WriteStore } from '../store/store.ts'
import { type DetectionEntry, detectionKey } from './detection-table.ts'
import type { EntityEntry } from './drafted-entities.ts'
import { differences, MarkList, type Marks, NO_MARKS } from './marks.ts'
import { pack, unpack } from './packing.ts'
import type { RelationEntry } from './relation-table.ts'

/** Entries per part: what has to be unpacked to learn of one of them. */
const PART_ENTRIES = 1_000

export type FoundEntry = RelationEntry | DetectionEntry
export const isDetectionEntry = (entry: FoundEntry): entry is DetectionEntry => 'what' in entry
/** `entity`: what a unit says of entities it drafted; `find`: its relations and detections. */
export type PartKind = 'entity' | 'find'

export interface StoredUnit {
  readonly id: number
  readonly rule: string
  readonly scope: string
  readonly version: string
  readonly fingerprint: string
  readonly relations: number
  readonly detections: number
  readonly reads: () => readonly string[]
}
/** What is noted of a unit when its rule has come to its end. */
export interface UnitResult {
  readonly version: string
  readonly reads: readonly string[]
  /** Empty for a unit that failed: it runs again. */
  readonly fingerprint: string
}

/** Keys of what may be no more: units said it in the last run and do not now. */
export interface Gone {
  readonly entities: Set<string>
  /** As `findKey` writes them. */
  readonly finds: Map<string, FoundEntry>
}

export const findKey = (entry: FoundEntry): string =>
  isDetectionEntry(entry) ? `!${detectionKey(entry)}` : `${entry.kind}|${entry.from}|${entry.to}`

const unitRow = `INSERT INTO correlation_unit (rule, scope, version, reads, fingerprint, relations, detections) VALUES (?, ?, '', x'', '', 0, 0)
  ON CONFLICT (rule, scope) DO UPDATE SET rule = excluded.rule RETURNING id`
const updateUnit =
  'UPDATE correlation_unit SET version = ?, reads = ?, fingerprint = ?, relations = ?, detections = ? WHERE id = ?'
const totals = `SELECT rule, count(*) AS units, sum(relations) AS relations, sum(detections) AS detections
  FROM correlation_unit GROUP BY rule`
const lastPart = 'SELECT coalesce(max(id), 0) FROM correlation_part'
const oldParts =
  'SELECT id, marks FROM correlation_part WHERE unit_id = ? AND kind = ? AND id <= ? ORDER BY id'
const partData = 'SELECT marks, data FROM correlation_part WHERE id = ?'
const insertPart = 'INSERT INTO correlation_part (unit_id, kind, marks, data) VALUES (?, ?, ?, ?)'
const deleteOld = 'DELETE FROM correlation_part WHERE unit_id = ? AND kind = ? AND id <= ?'
const deleteNew = 'DELETE FROM correlation_part WHERE unit_id = ? AND kind = ? AND id > ?'

/** What rules found when they last ran, and what has become different in it since. */
export class UnitStore {
  /** Marks of what changed, by kind of part. */
  readonly touched: Record<PartKind, number[]> = { entity: [], find: [] }
  readonly gone: Gone = { entities: new Set(), finds: new Map() }
  readonly #db: WriteStore
  /** Known to nobody who writes evidence, so that no two contents can be made to have one mark. */
  readonly #salt: string
  readonly #generationOf: (evidenceId: number) => string
  readonly #compare: boolean
  readonly #statements

  /**
   * @param compare notes what changed; without it nothing is asked of the old parts (a full run)
   */
  constructor(db: WriteStore, generationOf: (evidenceId: number) => string, compare: boolean) {
    this.#db = db
    this.#salt = readInfo(db, 'case_id') ?? ''
    this.#generationOf = generationOf
    this.#compare = compare
    this.#statements = {
      unit: db.prepare(unitRow).pluck(),
      update: db.prepare(updateUnit),
      last: db.prepare(lastPart).pluck(),
      old: db.prepare(oldParts),
      data: db.prepare(partData),
      insert: db.prepare(insertPart),
      deleteOld: db.prepare(deleteOld),
      deleteNew: db.prepare(deleteNew),
    }
  }

  list(): StoredUnit[] {
    const rows = this.#db
      .prepare('SELECT id, rule, scope, version, fingerprint, relations, detections FROM correlation_unit')
      .all() as Omit<StoredUnit, 'reads'>[]
    const reads = this.#db.prepare('SELECT reads FROM correlation_unit WHERE id = ?').pluck()
    return rows.map((row) => ({
      ...row,
      reads: () => JSON.parse(unpack(reads.get(row.id) as Buffer)) as string[],
    }))
  }

  /** Which units there are; a company has tens of thousands. */
  listNames(): { readonly id: number; readonly rule: string; readonly scope: string }[] {
    return this.#db.prepare('SELECT id, rule, scope FROM correlation_unit').all() as {
      id: number
      rule: string
      scope: string
    }[]
  }

  /** What each rule found in all its units, and how many these are. */
  totals(): Map<string, { readonly units: number; readonly relations: number; readonly detections: number }> {
    const rows = this.#db.prepare(totals).all() as {
      rule: string
      units: number
      relations: number
      detections: number
    }[]
    return new Map(rows.map(({ rule, ...sums }) => [rule, sums]))
  }

  /** Forgets everything. */
  clear(): void {
    this.#db.prepare('DELETE FROM correlation_unit').run()
    this.#db.prepare('DELETE FROM correlation_identity').run()
  }

  remove(unit: StoredUnit): void {
    for (const kind of ['entity', 'find'] as const) this.#compareWith(unit.id, kind, NO_MARKS, Infinity)
    this.#db.prepare('DELETE FROM correlation_unit WHERE id = ?').run(unit.id)
  }

  /** A unit whose rule runs: what it finds is written as it comes, beside what it had found before. */
  begin(rule: string, scope: string): UnitParts {
    const { unit, last, insert } = this.#statements
    const id = unit.get(rule, scope) as number
    return new UnitParts(this, id, last.get() as number, (kind, marks, data) =>
      insert.run(id, kind, marks, data),
    )
  }

  /** The rule has come to its end: what it found replaces what it had found before, if it is anything else. */
  finish(parts: UnitParts, result: UnitResult): { relations: number; detections: number } {
    const { unitId, last } = parts
    const { update, deleteOld: forgetOld, deleteNew: forgetNew } = this.#statements
    for (const kind of ['entity', 'find'] as const) {
      const isSame = this.#compare && !this.#compareWith(unitId, kind, parts.marksOf(kind), last)
      if (isSame) forgetNew.run(unitId, kind, last)
      else forgetOld.run(unitId, kind, last)
    }
    const { relations, detections } = parts
    const reads = pack(JSON.stringify(result.reads))
    update.run(result.version, reads, result.fingerprint, relations, detections, unitId)
    return { relations, detections }
  }

  markOf(text: string): number {
    return parseInt(hash('sha256', this.#salt + text).slice(0, 13), 16)
  }

  /** The mark of a content that records of these evidence items prove: a file imported anew proves anew. */
  contentMark(text: string, evidenceIds: Iterable<number>): number {
    const generations = [...new Set(evidenceIds)].map((id) => this.#generationOf(id)).join('|')
    return this.markOf(`${generations}>${text}`)
  }

  /** Notes what differs from the last run, in parts up to that id. @returns whether anything does */
  #compareWith(unitId: number, kind: PartKind, now: Marks, last: number): boolean {
    const parts = this.#statements.old.all(unitId, kind, Math.min(last, Number.MAX_SAFE_INTEGER)) as {
      id: number
      marks: Buffer
    }[]
    const before = new MarkList()
    for (const { marks } of parts) {
      const { keys, contents } = readMarks(marks)
      for (const [index, key] of keys.entries()) before.add(key, contents[index] ?? 0)
    }
    const touched = this.touched[kind]
    const count = touched.length
    const gone = new Set<number>()
    for (const { key, isGone } of differences(before.sorted(), now)) {
      touched.push(key)
      if (isGone) gone.add(key)
    }
    if (gone.size > 0) for (const { id, marks } of parts) this.#noteGone(kind, id, marks, gone)
    return touched.length > count
  }

  #noteGone(kind: PartKind, id: number, marks: Buffer, gone: ReadonlySet<number>): void {
    const { keys } = readMarks(marks)
    if (!keys.some((key) => gone.has(key))) return
    const { data } = this.#statements.data.get(id) as { data: Buffer }
    for (const [index, entry] of readEntries(data).entries()) {
      if (!gone.has(keys[index] ?? -1)) continue
      if (kind === 'entity') this.gone.entities.add((entry as EntityEntry).key)
      else this.gone.finds.set(findKey(entry as FoundEntry), entry as FoundEntry)
    }
  }
}

/** What a unit finds while its rule runs, written in parts. */
export class UnitParts {
  readonly unitId: number
  /** Parts up to this id are those of the last run. */
  readonly last: number
  relations = 0
  detections = 0
  readonly #store: UnitStore
  readonly #insert: (kind: PartKind, marks: Buffer, data: Buffer) => void
  readonly #marks: Record<PartKind, MarkList> = { entity: new MarkList(), find: new MarkList() }

  constructor(
    store: UnitStore,
    unitId: number,
    last: number,
    insert: (kind: PartKind, marks: Buffer, data: Buffer) => void,
  ) {
    this.#store = store
    this.unitId = unitId
    this.last = last
    this.#insert = insert
  }

  readonly entities = (entries: Iterable<EntityEntry>): void => {
    this.#write(
      'entity',
      entries,
      ({ key }) => key,
      ({ evidenceId }) => (evidenceId === null ? [] : [evidenceId]),
    )
  }

  readonly finds = (entries: Iterable<FoundEntry>): void => {
    this.#write('find', this.#counted(entries), findKey, ({ proofs }) => proofs.map((proof) => proof[1]))
  }

  marksOf(kind: PartKind): Marks {
    return this.#marks[kind].sorted()
  }

  *#counted(entries: Iterable<FoundEntry>): Generator<FoundEntry> {
    for (const entry of entries) {
      if (isDetectionEntry(entry)) this.detections += 1
      else this.relations += 1
      yield entry
    }
  }

  #write<T>(
    kind: PartKind,
    entries: Iterable<T>,
    keyOf: (entry: T) => string,
    evidenceOf: (entry: T) => readonly number[],
  ): void {
    const all = this.#marks[kind]
    let keys: number[] = []
    let contents: number[] = []
    let lines: string[] = []
    const insert = (): void => {
      if (lines.length === 0) return
      const marks = Float64Array.from([...keys, ...contents])
      this.#insert(kind, Buffer.from(marks.buffer), pack(`[${lines.join(',')}]`))
      keys = []
      contents = []
      lines = []
    }
    for (const entry of entries) {
      const line = JSON.stringify(entry)
      const key = this.#store.markOf(keyOf(entry))
      const content = this.#store.contentMark(line, evidenceOf(entry))
      all.add(key, content)
      keys.push(key)
      contents.push(content)
      lines.push(line)
      if (lines.length === PART_ENTRIES) insert()
    }
    insert()
  }
}

/** The marks of a part: keys first, then contents. */
export function readMarks(marks: Buffer): { keys: Float64Array; contents: Float64Array } {
  const all = new Float64Array(marks.buffer.slice(marks.byteOffset, marks.byteOffset + marks.byteLength))
  return { keys: all.subarray(0, all.length / 2), contents: all.subarray(all.length / 2) }
}

export const readEntries = (data: Buffer): (EntityEntry | FoundEntry)[] =>
  JSON.parse(unpack(data)) as (EntityEntry | FoundEntry)[]
