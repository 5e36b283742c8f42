import type { WriteStore } from './store.ts'

/** Keys per statement. */
const KEYS_PER_STATEMENT = 20
const HEAD = 'INSERT INTO record_key (key, evidence_id, record) VALUES '
const TAIL = ' ON CONFLICT DO NOTHING'
const insertOne = `${HEAD}(?, ?, ?)${TAIL}`
const insertMany = HEAD + Array.from({ length: KEYS_PER_STATEMENT }, () => '(?, ?, ?)').join(',') + TAIL
const findOwner = 'SELECT evidence_id, record FROM record_key WHERE key = ?'

/** Registers record keys and tells which were there already. */
export class KeyWriter {
  readonly #one
  readonly #many
  readonly #owner
  readonly #evidenceId: number
  constructor(db: WriteStore, evidenceId: number) {
    this.#one = db.prepare(insertOne)
    this.#many = db.prepare(insertMany)
    this.#owner = db.prepare(findOwner)
    this.#evidenceId = evidenceId
  }

  /**
   * Registers the keys of consecutive records.
   * @param keys `width` bytes per record; all zero: the record has none
   * @param firstRecord number of the first record
   * @returns per record whether its key belongs to another record (or an earlier one of this file)
   */
  add(keys: Uint8Array, width: number, firstRecord: number): Uint8Array {
    const count = keys.length / width
    const isKnown = new Uint8Array(count)
    let group: (Uint8Array | number)[] = []
    for (let index = 0; index < count; index++) {
      const key = keys.subarray(index * width, (index + 1) * width)
      if (isZero(key)) continue
      group.push(key, this.#evidenceId, firstRecord + index)
      if (group.length === KEYS_PER_STATEMENT * 3) {
        if (this.#many.run(group).changes !== KEYS_PER_STATEMENT) this.#find(group, firstRecord, isKnown)
        group = []
      }
    }
    for (let at = 0; at < group.length; at += 3) {
      const row = group.slice(at, at + 3)
      if (this.#one.run(row).changes === 0) this.#find(row, firstRecord, isKnown)
    }
    return isKnown
  }

  #find(group: readonly (Uint8Array | number)[], firstRecord: number, isKnown: Uint8Array): void {
    for (let at = 0; at < group.length; at += 3) {
      const owner = this.#owner.get(group[at]) as { evidence_id: number; record: number }
      const record = group[at + 2] as number
      if (owner.evidence_id !== this.#evidenceId || owner.record !== record) isKnown[record - firstRecord] = 1
    }
  }
}

function isZero(key: Uint8Array): boolean {
  for (const byte of key) if (byte !== 0) return false
  return true
}
