import { hash } from 'node:crypto'
import { readInfo } from '../store/case-info.ts'
import type { WriteStore } from '../store/store.ts'
import { type DetectionEntry, detectionKey } from './detection-table.ts'
import type { EntityEntry } from './drafted-entities.ts'
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
export interface UnitResult {
  readonly rule: string
  readonly scope: string
  readonly version: string
  readonly reads: readonly string[]
  /** Empty for a unit that failed: it runs again. */
  readonly fingerprint: string
  readonly relations: number
  readonly detections: number
  readonly entities: Iterable<EntityEntry>
  readonly finds: Iterable<FoundEntry>
}

/** Keys of what may be no more: units said it in the last run and do not now. */
export interface Gone {
  readonly entities: Set<string>
  /** As `findKey` writes them. */
  readonly finds: Map<string, FoundEntry>
}

export const findKey = (entry: FoundEntry): string =>
  isDetectionEntry(entry) ? `!${detectionKey(entry)}` : `${entry.kind}|${entry.from}|${entry.to}`

/** Two numbers for each entry of a part: one for its key, one for its content. */
interface Marked {
  readonly keys: number[]
  readonly contents: number[]
  readonly lines: string[]
}

const insertUnit = `INSERT INTO correlation_unit (rule, scope, version, reads, fingerprint, relations, detections) VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (rule, scope) DO UPDATE SET version = excluded.version, reads = excluded.reads, fingerprint = excluded.fingerprint,
  relations = excluded.relations, detections = excluded.detections RETURNING id`
const insertPart = 'INSERT INTO correlation_part (unit_id, kind, marks, data) VALUES (?, ?, ?, ?)'
const unitParts = 'SELECT marks, data FROM correlation_part WHERE unit_id = ? AND kind = ? ORDER BY id'
const deleteParts = 'DELETE FROM correlation_part WHERE unit_id = ? AND kind = ?'

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
  readonly #unit
  readonly #part
  readonly #parts
  readonly #forget

  /**
   * @param compare notes what changed; without it nothing is asked of the old parts (a full run)
   */
  constructor(db: WriteStore, generationOf: (evidenceId: number) => string, compare: boolean) {
    this.#db = db
    this.#salt = readInfo(db, 'case_id') ?? ''
    this.#generationOf = generationOf
    this.#compare = compare
    this.#unit = db.prepare(insertUnit).pluck()
    this.#part = db.prepare(insertPart)
    this.#parts = db.prepare(unitParts)
    this.#forget = db.prepare(deleteParts)
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

  /** Forgets everything. */
  clear(): void {
    this.#db.prepare('DELETE FROM correlation_unit').run()
    this.#db.prepare('DELETE FROM correlation_identity').run()
  }

  remove(unit: StoredUnit): void {
    for (const kind of ['entity', 'find'] as const) this.#replace(unit.id, kind, EMPTY)
    this.#db.prepare('DELETE FROM correlation_unit WHERE id = ?').run(unit.id)
  }

  save(result: UnitResult): void {
    const { rule, scope, version, fingerprint, relations, detections } = result
    const reads = pack(JSON.stringify(result.reads))
    const id = this.#unit.get(rule, scope, version, reads, fingerprint, relations, detections) as number
    this.#replace(
      id,
      'entity',
      this.#mark(
        result.entities,
        ({ key }) => key,
        ({ evidenceId }) => (evidenceId === null ? [] : [evidenceId]),
      ),
    )
    this.#replace(
      id,
      'find',
      this.#mark(result.finds, findKey, (entry) => entry.proofs.map((proof) => proof[1])),
    )
  }

  markOf(text: string): number {
    return parseInt(hash('sha256', this.#salt + text).slice(0, 13), 16)
  }

  /** The mark of a content that records of these evidence items prove: a file imported anew proves anew. */
  contentMark(text: string, evidenceIds: Iterable<number>): number {
    const generations = [...new Set(evidenceIds)].map((id) => this.#generationOf(id)).join('|')
    return this.markOf(`${generations}>${text}`)
  }

  #mark<T>(
    entries: Iterable<T>,
    keyOf: (entry: T) => string,
    evidenceOf: (entry: T) => readonly number[],
  ): Marked {
    const marked: Marked = { keys: [], contents: [], lines: [] }
    for (const entry of entries) {
      const line = JSON.stringify(entry)
      marked.keys.push(this.markOf(keyOf(entry)))
      marked.contents.push(this.contentMark(line, evidenceOf(entry)))
      marked.lines.push(line)
    }
    return marked
  }

  #replace(unitId: number, kind: PartKind, now: Marked): void {
    if (this.#compare && !this.#note(unitId, kind, now)) return
    this.#forget.run(unitId, kind)
    for (let from = 0; from < now.lines.length; from += PART_ENTRIES) {
      const to = from + PART_ENTRIES
      const marks = Float64Array.from([...now.keys.slice(from, to), ...now.contents.slice(from, to)])
      this.#part.run(
        unitId,
        kind,
        Buffer.from(marks.buffer),
        pack(`[${now.lines.slice(from, to).join(',')}]`),
      )
    }
  }

  /** Notes what differs from the last run. @returns whether anything does */
  #note(unitId: number, kind: PartKind, now: Marked): boolean {
    const before = new Map<number, number>()
    const parts = this.#parts.all(unitId, kind) as { marks: Buffer; data: Buffer }[]
    for (const { marks } of parts) {
      const { keys, contents } = readMarks(marks)
      for (const [index, key] of keys.entries()) before.set(key, contents[index] ?? 0)
    }
    const touched = this.touched[kind]
    const count = touched.length
    for (const [index, key] of now.keys.entries()) {
      if (before.get(key) !== now.contents[index]) touched.push(key)
      before.delete(key)
    }
    if (before.size > 0) {
      for (const key of before.keys()) touched.push(key)
      for (const part of parts) this.#noteGone(kind, part, before)
    }
    return touched.length > count
  }

  #noteGone(kind: PartKind, part: { marks: Buffer; data: Buffer }, gone: ReadonlyMap<number, number>): void {
    const { keys } = readMarks(part.marks)
    if (!keys.some((key) => gone.has(key))) return
    for (const [index, entry] of readEntries(part.data).entries()) {
      if (!gone.has(keys[index] ?? -1)) continue
      if (kind === 'entity') this.gone.entities.add((entry as EntityEntry).key)
      else this.gone.finds.set(findKey(entry as FoundEntry), entry as FoundEntry)
    }
  }
}
const EMPTY: Marked = { keys: [], contents: [], lines: [] }

/** The marks of a part: keys first, then contents. */
export function readMarks(marks: Buffer): { keys: Float64Array; contents: Float64Array } {
  const all = new Float64Array(marks.buffer.slice(marks.byteOffset, marks.byteOffset + marks.byteLength))
  return { keys: all.subarray(0, all.length / 2), contents: all.subarray(all.length / 2) }
}

export const readEntries = (data: Buffer): (EntityEntry | FoundEntry)[] =>
  JSON.parse(unpack(data)) as (EntityEntry | FoundEntry)[]
