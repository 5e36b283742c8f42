import { createHash } from 'node:crypto'
import { KEY_BYTES, keyText, registerKeys } from '../store/key-writer.ts'
import type { WriteStore } from '../store/store.ts'
import type { EvidenceFile } from './evidence-file.ts'
import type { EvidencePart } from './parts.ts'
import type { RecordSink } from './record-sink.ts'

/** A part that is about to be read. */
export interface BegunPart {
  readonly index: number
  readonly importer: string
  /** Machine of the collection it belongs to, empty where nothing says so: the same bytes of two machines say two things. */
  readonly origin: string
}

/** What was found out about a part; `note` is to be called before its first record is stored. */
interface Looked {
  readonly repeats: string | undefined
  readonly note: () => void
}

/** A part that was read, of these bytes. */
interface Known {
  readonly evidence_id: number
  readonly first_record: number
  readonly records: number
  /** Of its evidence. */
  readonly name: string
  /** Its times were read in this zone where they have none. */
  readonly zone: string
  readonly sha256: string
}

type Ended = Known & Omit<BegunPart, 'index'> & { readonly bytes: number }

const isSame =
  'p.bytes = @bytes AND p.sha256 = @sha256 AND p.importer = @importer AND p.origin = @origin AND NOT (p.evidence_id = @evidence AND p.part = @index)'
// Of a file that was not read to its end it is known what it is, but of a member only then.
const findRow = `SELECT first_record, sha256, is_repeat, EXISTS (SELECT 1 FROM evidence_part p WHERE p.bytes = b.bytes AND p.sha256 = b.sha256
    AND p.importer = b.importer AND p.origin = b.origin AND (p.evidence_id, p.part) <> (b.evidence_id, b.part)) AS has_copy
  FROM evidence_part b WHERE evidence_id = ? AND part = ?`
const findSize =
  'SELECT 1 FROM evidence_part WHERE (bytes = @bytes OR @bytes IS NULL) AND sha256 IS NOT NULL LIMIT 1'
const findSame = `SELECT p.evidence_id, p.first_record, p.sha256, e.name, e.zone, coalesce(p.records, (SELECT max(r.first_record + r.records)
    FROM raw_block r WHERE r.evidence_id = p.evidence_id) - p.first_record, 0) AS records
  FROM evidence_part p JOIN evidence e ON e.id = p.evidence_id WHERE ${isSame}
  ORDER BY p.records IS NULL, p.is_repeat, p.evidence_id, p.part LIMIT 1`
const findTwice = `SELECT e.name FROM evidence_part p JOIN evidence e ON e.id = p.evidence_id WHERE ${isSame} AND NOT p.is_repeat
  AND EXISTS (SELECT 1 FROM evidence_part o WHERE o.evidence_id = @evidence AND o.part = @index AND NOT o.is_repeat) LIMIT 1`
const begin = `INSERT INTO evidence_part (evidence_id, part, importer, origin, first_record, bytes, sha256, is_repeat)
  VALUES (@evidence, @index, @importer, @origin, @firstRecord, @bytes, @sha256, @isRepeat)`
const end =
  'UPDATE evidence_part SET records = @records, bytes = @bytes, sha256 = @sha256 WHERE evidence_id = @evidence AND part = @index'
const keysOfBlocks = `SELECT first_record AS first, records AS count, keys FROM raw_block
  WHERE evidence_id = @evidence AND first_record < @last AND first_record + records > @first ORDER BY first_record`

/** So many of an evidence file are named, the others counted: a hunt finds the same in a thousand machines. */
const NAMED_REPEATS = 20

/**
 * Knows contents again whose bytes the case has, inside an archive or beside it. A provider's identity makes one record of two; a record
 * without one then counts as the one at the same place of the same bytes.
 */
export class RepeatedParts {
  readonly #db: WriteStore
  readonly #evidence: number
  readonly #file: EvidenceFile
  readonly #sink: RecordSink
  readonly #zone: string
  #repeats = 0
  /** Parts of this run, by their index. */
  readonly #firstRecords = new Map<number, number>()
  /** Those that were read; the case knows them from the next transaction on. */
  readonly #ended: Ended[] = []

  constructor(db: WriteStore, evidence: number, file: EvidenceFile, sink: RecordSink, zone: string) {
    this.#zone = zone
    this.#db = db
    this.#evidence = evidence
    this.#file = file
    this.#sink = sink
  }

  /**
   * Looks whether the case has the bytes of a part that is about to be read; of one that was cut off, what was found then.
   * @param skip units of it that an earlier run has stored
   * @returns the hash of its bytes if the case has them, and what is to be noted in one transaction with its first batch
   */
  async look(part: EvidencePart, begun: BegunPart, skip: number): Promise<Looked> {
    const nothing = () => undefined
    const before = this.#db.prepare(findRow).get(this.#evidence, begun.index) as
      { first_record: number; sha256: string | null; is_repeat: number; has_copy: number } | undefined
    if (before) {
      this.#firstRecords.set(begun.index, before.first_record)
      const isKnown = before.is_repeat === 1 || before.has_copy === 1
      return { repeats: isKnown && before.sha256 !== null ? before.sha256 : undefined, note: nothing }
    }
    // Begun by a Redthread that did not note it.
    if (skip > 0) return { repeats: undefined, note: nothing }
    const found = await this.#find(part, begun)
    return { repeats: found?.sha256, note: () => this.#note(part, begun, found) }
  }

  #note(part: EvidencePart, begun: BegunPart, found: Known | undefined): void {
    const firstRecord = this.#sink.lastRecord + 1
    this.#firstRecords.set(begun.index, firstRecord)
    // The hash of a member is known when it was read.
    const digest = part.prefix === '' ? this.#file : found
    this.#db.prepare(begin).run({
      ...begun,
      firstRecord,
      evidence: this.#evidence,
      bytes: part.prefix === '' ? this.#file.bytes : null,
      sha256: digest?.sha256 ?? null,
      isRepeat: found ? 1 : 0,
    })
    if (!found) return
    this.#giveKeys(found)
    this.#sink.expectKnown()
    this.#repeats += 1
    if (this.#repeats > NAMED_REPEATS) return
    const excerpt = found.zone === this.#zone ? found.name : `${found.name} (${found.zone})`
    this.#say(part.name, 'archive.repeated_bytes', excerpt)
  }

  /** What was counted and not named. To be called in the transaction that ends the import. */
  close(): void {
    const more = this.#repeats - NAMED_REPEATS
    if (more > 0) this.#say(this.#file.name, 'archive.more', `archive.repeated_bytes × ${more}`)
  }

  #say(locator: string, code: string, excerpt: string): void {
    this.#sink.addIssue('', { kind: 'issue', locator, code, excerpt, records: 0 })
  }

  /**
   * A part was read to its end: a member is known again from here on.
   * @returns what is to be noted in the next transaction, behind its last record
   */
  end(part: EvidencePart, begun: BegunPart): () => void {
    if (part.prefix !== '') this.#ended.push(...this.#known(part, begun))
    return () => {
      for (const { records, bytes, sha256 } of this.#known(part, begun)) {
        const read = { ...begun, evidence: this.#evidence, bytes, sha256 }
        this.#db.prepare(end).run({ evidence: this.#evidence, index: begun.index, records, bytes, sha256 })
        // Another part with these bytes was imported while this one was cut off.
        const twice = this.#db.prepare(findTwice).pluck().get(read) as string | undefined
        if (twice !== undefined) this.#say(part.name, 'archive.stored_twice', twice)
      }
    }
  }

  /** What is known of a part that was read; nothing when not all of its bytes were needed. */
  #known(part: EvidencePart, { index, importer, origin }: BegunPart): Ended[] {
    const digest = part.prefix === '' ? this.#file : part.digest()
    const firstRecord = this.#firstRecords.get(index)
    if (digest === undefined || firstRecord === undefined) return []
    const { bytes, sha256 } = digest
    const records = this.#sink.lastRecord + 1 - firstRecord
    const known = { evidence_id: this.#evidence, first_record: firstRecord, records, sha256 }
    return [{ ...known, name: this.#file.name, zone: this.#zone, bytes, importer, origin }]
  }

  /** Another part with these bytes. A member is read once more for it only where one has its size. */
  async #find(part: EvidencePart, { index, importer, origin }: BegunPart): Promise<Known | undefined> {
    if (part.prefix !== '') {
      if (!this.#hasSize(part.size)) return undefined
      for await (const piece of part.open()) void piece
    }
    const digest = part.prefix === '' ? this.#file : part.digest()
    if (digest === undefined) return undefined
    const { bytes, sha256 } = digest
    return (
      (this.#db
        .prepare(findSame)
        .get({ bytes, sha256, importer, origin, evidence: this.#evidence, index }) as Known | undefined) ??
      this.#ended.find((one) => one.sha256 === sha256 && one.importer === importer && one.origin === origin)
    )
  }

  #hasSize(bytes: number | null): boolean {
    return (
      this.#ended.some((one) => bytes === null || one.bytes === bytes) ||
      this.#db.prepare(findSize).get({ bytes }) !== undefined
    )
  }

  /** Records of the other part that have no identity get one by their place. */
  #giveKeys({ evidence_id, first_record, records, sha256 }: Known): void {
    const range = { evidence: evidence_id, first: first_record, last: first_record + records }
    const blocks = this.#db.prepare(keysOfBlocks).all(range) as {
      first: number
      count: number
      keys: Uint8Array | null
    }[]
    for (const { first, count, keys } of blocks) {
      const given = Buffer.alloc(count * KEY_BYTES)
      for (let at = 0; at < count; at++) {
        const place = first + at - first_record
        const own = keys?.subarray(at * KEY_BYTES, (at + 1) * KEY_BYTES)
        if (place < 0 || place >= records || own?.some((byte) => byte !== 0) === true) continue
        given.write(keyText(placeIn(sha256, place)), at * KEY_BYTES, KEY_BYTES, 'latin1')
      }
      registerKeys(this.#db, { keys: given, count, evidence: evidence_id, first })
    }
  }
}

/** Identity of a record without one, as the record at this place (from 0) of these bytes. */
export const placeIn = (sha256: string, place: number): string => `part ${sha256} ${place}`

/** Size and hash of what passes. */
export class PassDigest {
  readonly #hash = createHash('sha256')
  #bytes = 0

  add(piece: Uint8Array): void {
    this.#hash.update(piece)
    this.#bytes += piece.length
  }

  take(): { readonly bytes: number; readonly sha256: string } {
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') }
  }
}
