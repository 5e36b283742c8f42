import { hash } from 'node:crypto'
import { KEY_BYTES, PrefixSet } from './prefix-set.ts'
import type { WriteStore } from './store.ts'

export { KEY_BYTES } from './prefix-set.ts'

/** The beginning of this stands in the case for a provider's identity: its SHA-256 as latin1 text, many times faster than a buffer. */
export const keyText = (identity: string): string => hash('sha256', identity, 'binary')

/** Keys of consecutive records come as one value: handing each over on its own took longer than storing it. */
const cut = `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < @count),
  batch(i, key) AS (SELECT i, substr(@keys, i * ${KEY_BYTES} + 1, ${KEY_BYTES}) FROM n)`
const insertKeys = `${cut} INSERT INTO record_key (key, evidence_id, record)
  SELECT key, @evidence, @first + i FROM batch WHERE key <> zeroblob(${KEY_BYTES}) ORDER BY key, i ON CONFLICT DO NOTHING`
const findKnown = `${cut} SELECT i FROM batch JOIN record_key k USING (key)
  WHERE k.evidence_id <> @evidence OR k.record <> @first + i ORDER BY i`

/** Below this the keys of a file are stored as they come. */
const DEFER_BYTES = 20 * 1024 * 1024
/** A record of a log has about so many bytes: to compare what the case has with what the file brings. */
const RECORD_BYTES = 300
/** Keys that are stored at once: sorting them takes about a hundred bytes each. */
const MAX_PENDING = 120_000
/** Beginnings of keys that are remembered, sixteen bytes each; beyond this keys are stored as they come. */
const MAX_SEEN = 2_000_000
/** So often a file may hold a key that is known before its keys are stored as they come. */
const MAX_SETTLED = 8

const recordsOfCase = 'SELECT coalesce(sum(read), 0) FROM evidence'
const allKeys = 'SELECT key FROM record_key'
const setPending = `INSERT INTO case_info (key, value) VALUES ('keys_pending', ?)
  ON CONFLICT (key) DO UPDATE SET value = excluded.value`
const clearPending = `DELETE FROM case_info WHERE key = 'keys_pending'`

/**
 * Registers record keys and tells which were there already. Keys are random: stored as they come, each batch would write
 * nearly the whole of their table again. Those of a large file are therefore stored many at a time and sorted; until then it
 * is known by their beginnings whether a key can have come before. `finish` when the file is read. Should it never be called,
 * `storePendingKeys` makes up for it: the keys also stand beside the raw records.
 */
export class KeyWriter {
  readonly #db: WriteStore
  readonly #insert
  readonly #known
  readonly #evidence: number
  readonly #setPending
  /** Beginnings of all keys of the case; undefined when keys are stored as they come. */
  #seen: PrefixSet | undefined
  #pending: Uint8Array[] = []
  #pendingFirst = 0
  #pendingCount = 0
  #settled = 0

  /** @param bytes size of the file, which decides how its keys are stored */
  constructor(db: WriteStore, evidenceId: number, bytes = 0) {
    this.#db = db
    this.#insert = db.prepare(insertKeys)
    this.#known = db.prepare(findKnown).pluck()
    this.#setPending = db.prepare(setPending)
    this.#evidence = evidenceId
    if (bytes < DEFER_BYTES) return
    const known = db.prepare(recordsOfCase).pluck().get() as number
    if (known > MAX_SEEN / 2 || known * RECORD_BYTES > bytes) return
    this.#seen = new PrefixSet()
    for (const key of db.prepare(allKeys).pluck().iterate()) this.#seen.add(key as Uint8Array, 0)
  }

  /**
   * Registers the keys of consecutive records.
   * @param keys {@link KEY_BYTES} per record; all zero: the record has none
   * @param keyed how many have one
   * @param first number of the first record
   * @returns positions (from 0) of records whose key another record has, also an earlier one of this file
   */
  add(keys: Uint8Array, keyed: number, first: number): number[] {
    if (keyed === 0) return []
    if (this.#seen === undefined) return this.#store(keys, keyed, first)
    if (this.#addSeen(keys)) {
      this.#defer(keys, first)
      return []
    }
    // One of them may be known: the table itself must say it.
    this.finish()
    this.#settled += 1
    if (this.#settled > MAX_SETTLED || this.#seen.size > MAX_SEEN) this.#seen = undefined
    return this.#store(keys, keyed, first)
  }

  /** Keys are stored as they come: others than this have given some to the case. */
  storeAsTheyCome(): void {
    this.finish()
    this.#seen = undefined
  }

  /** Stores the keys that wait. */
  finish(): void {
    if (this.#pendingCount > 0)
      this.#insert.run({
        keys: Buffer.concat(this.#pending),
        count: this.#pendingCount,
        evidence: this.#evidence,
        first: this.#pendingFirst,
      })
    this.#pending = []
    this.#pendingCount = 0
    this.#db.prepare(clearPending).run()
  }

  #defer(keys: Uint8Array, first: number): void {
    const isNext = first === this.#pendingFirst + this.#pendingCount
    if (this.#pendingCount > 0 && (!isNext || this.#pendingCount >= MAX_PENDING)) this.finish()
    if (this.#pendingCount === 0) {
      this.#pendingFirst = first
      this.#setPending.run(String(this.#evidence))
    }
    this.#pending.push(keys)
    this.#pendingCount += keys.length / KEY_BYTES
  }

  #store(keys: Uint8Array, keyed: number, first: number): number[] {
    const batch = { keys, count: keys.length / KEY_BYTES, evidence: this.#evidence, first }
    if (this.#insert.run(batch).changes === keyed) return []
    return this.#known.all(batch) as number[]
  }

  /** True when none of the keys can have come before. */
  #addSeen(keys: Uint8Array): boolean {
    const seen = this.#seen!
    let areNew = seen.size <= MAX_SEEN
    for (let at = 0; at < keys.length; at += KEY_BYTES) if (!seen.add(keys, at)) areNew = false
    return areNew
  }
}

/** Gives keys to consecutive records that are stored; a key that another record has stays with it. */
export function registerKeys(
  db: WriteStore,
  batch: {
    readonly keys: Uint8Array
    readonly count: number
    readonly evidence: number
    readonly first: number
  },
): void {
  db.prepare(insertKeys).run(batch)
}

const pendingEvidence = `SELECT CAST(value AS INTEGER) FROM case_info WHERE key = 'keys_pending'`
const keysOfBlocks = `SELECT first_record AS first, records AS count, keys FROM raw_block
  WHERE evidence_id = ? AND keys IS NOT NULL ORDER BY first_record`

/**
 * Stores the keys that an import which was cut off has left waiting. To be called, in a transaction, before anything asks
 * which records are known.
 */
export function storePendingKeys(db: WriteStore): void {
  const evidence = db.prepare(pendingEvidence).pluck().get() as number | undefined
  if (evidence === undefined) return
  const blocks = db.prepare(keysOfBlocks).all(evidence) as { first: number; count: number; keys: Buffer }[]
  for (const block of blocks) registerKeys(db, { ...block, evidence })
  db.prepare(clearPending).run()
}
