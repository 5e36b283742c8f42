import type { ReadStore } from './store.ts'

/** Case info: how many clocks were compared with another when the case was last correlated. */
export const CLOCKS_COMPARED = 'clocks_compared'

export interface StoredOffset {
  /** The id of an endpoint; below zero: an evidence file that names none (`-evidenceId`). */
  readonly clock: number
  /** Microseconds it is ahead of the clocks that agree. */
  readonly ahead: number
  readonly confidence: number
  readonly support: number
  readonly against: number
  readonly compared: number
  /** JSON: pairs of events, its own and the other clock's. */
  readonly proof: string
}

const offsets =
  'SELECT clock, ahead, confidence, support, against, compared, proof FROM clock_offset ORDER BY clock'
const anyRelation = 'SELECT 1 FROM relation_clock LIMIT 1'
const byRelation =
  'SELECT relation_id, uses FROM relation_clock WHERE relation_id IN (SELECT value FROM json_each(?))'

export const listOffsets = (db: ReadStore): StoredOffset[] => db.prepare(offsets).all() as StoredOffset[]

/** Whether any relation was recorded by a clock that is off. */
export const hasRelationClocks = (db: ReadStore): boolean => db.prepare(anyRelation).get() !== undefined

/** One use of a relation: when it was by the right time, and what the record says. */
export interface TimedUse {
  readonly at: number
  readonly recorded: number
  /** The clock that is off; 0: none. */
  readonly clock: number
}

/** @param blob of `relation_clock.uses`: triples, ascending in time */
export function readTimedUses(blob: Buffer): TimedUse[] {
  const uses: TimedUse[] = []
  for (let byte = 0; byte + 24 <= blob.length; byte += 24)
    uses.push({
      at: blob.readDoubleLE(byte),
      recorded: blob.readDoubleLE(byte + 8),
      clock: blob.readDoubleLE(byte + 16),
    })
  return uses
}

/** Uses of those relations that a clock which is off recorded, by relation. */
export function timedUsesOf(db: ReadStore, relations: readonly number[]): Map<number, TimedUse[]> {
  if (!hasRelationClocks(db)) return new Map()
  const rows = db.prepare(byRelation).all(JSON.stringify(relations)) as {
    relation_id: number
    uses: Buffer
  }[]
  return new Map(rows.map((row) => [row.relation_id, readTimedUses(row.uses)]))
}
