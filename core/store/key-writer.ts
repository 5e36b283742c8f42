import type { WriteStore } from './store.ts'

/** Record keys are kept as the first 16 bytes of their SHA-256. */
export const KEY_BYTES = 16

/** Keys of consecutive records come as one value: handing each over on its own took longer than storing it. */
const cut = `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < @count),
  batch(i, key) AS (SELECT i, substr(@keys, i * ${KEY_BYTES} + 1, ${KEY_BYTES}) FROM n)`
const insertKeys = `${cut} INSERT INTO record_key (key, evidence_id, record)
  SELECT key, @evidence, @first + i FROM batch WHERE key <> zeroblob(${KEY_BYTES}) ON CONFLICT DO NOTHING`
const findKnown = `${cut} SELECT i FROM batch JOIN record_key k USING (key)
  WHERE k.evidence_id <> @evidence OR k.record <> @first + i ORDER BY i`

/** Registers record keys and tells which were there already. */
export class KeyWriter {
  readonly #insert
  readonly #known
  readonly #evidence: number
  constructor(db: WriteStore, evidenceId: number) {
    this.#insert = db.prepare(insertKeys)
    this.#known = db.prepare(findKnown).pluck()
    this.#evidence = evidenceId
  }

  /**
   * Registers the keys of consecutive records.
   * @param keys {@link KEY_BYTES} per record; all zero: the record has none
   * @param keyed how many have one
   * @param first number of the first record
   * @returns positions (from 0) of records whose key another record has, also an earlier one of this file
   */
  add(keys: Uint8Array, keyed: number, first: number): number[] {
    const batch = { keys, count: keys.length / KEY_BYTES, evidence: this.#evidence, first }
    if (keyed === 0 || this.#insert.run(batch).changes === keyed) return []
    return this.#known.all(batch) as number[]
  }
}
