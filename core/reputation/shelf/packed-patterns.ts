import { RISK_LEVELS, PATTERN_SCOPES, type PatternScope } from '../../model/verdict.ts'
import type { ReadStore, WriteStore } from '../../store/store.ts'
import { Lines } from './lines.ts'
import { addByte, finish, HASH_START, powerOfTwo } from './hash.ts'
import { NameFilter } from './name-filter.ts'
import { toBytes, toUint32 } from './typed.ts'

/**
 * The patterns of one pack as a few long arrays (performance.md section 5): a filter of the names, a hash table of 32-bit numbers, and
 * the names themselves, against which every hit of the table is verified. A stored pack never changes, so they are made once, when it
 * is added, and read in milliseconds afterwards. About 41 bytes per entry.
 */
const read = 'SELECT filter, slots, hosts, starts, ids, marks FROM pack_table WHERE pack_id = ?'
const insert = `INSERT OR REPLACE INTO pack_table (pack_id, filter, slots, hosts, starts, ids, marks) VALUES (?, ?, ?, ?, ?, ?, ?)`
const entries = `SELECT id, host, scope, level, scope IN ('exact', 'path') OR normal <> '' OR expires_at IS NOT NULL FROM pack_entry WHERE pack_id = ? ORDER BY host, id`
const unpacked = `SELECT p.id, p.entries FROM pack p WHERE NOT EXISTS (SELECT 1 FROM pack_table t WHERE t.pack_id = p.id) ORDER BY p.id`

const NEWLINE = 0x0a
const SCOPE_BITS = 0b11
const LEVEL_SHIFT = 2
/** Mark of an entry that cannot be decided by the name of the host alone: a page, a path, a port, an end. */
const SPECIAL = 0b100000

interface Row {
  filter: Buffer
  slots: Buffer
  hosts: Buffer
  starts: Buffer
  ids: Buffer
  marks: Buffer
}

export class PackedPatterns {
  readonly filter: NameFilter
  /** Place of an entry and one more, in the upper bits a tag out of the hash; 0 = free. */
  readonly #slots: Uint32Array
  readonly #tags: number
  readonly #hosts: Uint8Array
  /** Per entry the beginning of its host among the hosts; entries of one host follow each other. */
  readonly #starts: Uint32Array
  /** Row ids of entries. */
  readonly ids: Uint32Array
  readonly #marks: Uint8Array

  constructor(row: Row) {
    this.filter = NameFilter.of(toUint32(row.filter))
    this.#slots = toUint32(row.slots)
    this.#hosts = row.hosts
    this.#starts = toUint32(row.starts)
    this.ids = toUint32(row.ids)
    this.#marks = row.marks
    this.#tags = tagMask(this.#slots.length)
  }

  /** Bytes of memory. */
  get bytes(): number {
    return (
      this.filter.bytes +
      this.#slots.byteLength +
      this.#hosts.byteLength +
      this.#starts.byteLength +
      this.ids.byteLength +
      this.#marks.byteLength
    )
  }

  /**
   * The first entry of a host; the others of it follow. Every hit of the hash is held against the text.
   * @param mixed hash of the name, see `finish`
   * @returns -1 when no pattern has that host
   */
  find(text: Uint8Array, start: number, end: number, mixed: number): number {
    const mask = this.#slots.length - 1
    // A table of a case from somebody else may have no free slot at all.
    for (let slot = mixed & mask, left = mask; left >= 0; slot = (slot + 1) & mask, left--) {
      const found = this.#slots[slot] ?? 0
      if (found === 0) return -1
      // The tag keeps most strangers from the text, which lies far away in memory.
      if (((found ^ mixed) & this.#tags) !== 0) continue
      const entry = ((found & ~this.#tags) >>> 0) - 1
      if (this.#isHost(entry, text, start, end)) return entry
    }
    return -1
  }

  #isHost(entry: number, text: Uint8Array, start: number, end: number): boolean {
    const from = this.#starts[entry] ?? 0
    const length = end - start
    if (this.#hosts[from + length] !== NEWLINE) return false
    for (let at = 0; at < length; at++) if (this.#hosts[from + at] !== text[start + at]) return false
    return true
  }

  /** Whether the entry behind this one is of the same host. */
  hasNext(entry: number): boolean {
    return entry + 1 < this.ids.length && this.#starts[entry + 1] === this.#starts[entry]
  }

  scopeOf(entry: number): PatternScope {
    return PATTERN_SCOPES[(this.#marks[entry] ?? 0) & SCOPE_BITS] ?? 'exact'
  }
  /** Place of the level in RISK_LEVELS: 0 dangerous ... 4 safe. */
  levelOf(entry: number): number {
    return ((this.#marks[entry] ?? 0) >> LEVEL_SHIFT) & 0b111
  }
  isSpecial(entry: number): boolean {
    return ((this.#marks[entry] ?? 0) & SPECIAL) !== 0
  }
}

/** @returns undefined when the pack was added by an earlier version and has no table yet */
export function readPackedPatterns(db: ReadStore, pack: number): PackedPatterns | undefined {
  const row = db.prepare(read).get(pack) as Row | undefined
  return row === undefined ? undefined : new PackedPatterns(row)
}

/** Makes the tables of all packs that have none; cheap when there is nothing to do. Inside a transaction of the caller. */
export function packPatterns(db: WriteStore): void {
  for (const { id, entries: count } of db.prepare(unpacked).all() as { id: number; entries: number }[])
    packOne(db, id, count)
}

type EntryRow = [id: number, host: string, scope: string, level: string, special: number]

function packOne(db: WriteStore, pack: number, count: number): void {
  const starts = new Uint32Array(count)
  const ids = new Uint32Array(count)
  const marks = new Uint8Array(count)
  const slots = new Uint32Array(powerOfTwo(count * 2))
  const filter = new NameFilter(count)
  const names = new Lines()
  let before: string | undefined
  let start = 0
  let place = 0
  for (const row of db.prepare(entries).raw().iterate(pack) as IterableIterator<EntryRow>) {
    const [id, host, scope, level, special] = row
    const level_ = RISK_LEVELS.findIndex((known) => known === level)
    const scope_ = PATTERN_SCOPES.findIndex((known) => known === scope)
    if (level_ < 0 || scope_ < 0) continue
    if (host !== before) {
      start = names.length
      names.add(host)
      enter(slots, mixedOf(host), place)
      before = host
    }
    starts[place] = start
    ids[place] = id
    marks[place] = scope_ | (level_ << LEVEL_SHIFT) | (special === 1 ? SPECIAL : 0)
    place += 1
  }
  filter.add(names.bytes().subarray(0, -1))
  const insertRow = db.prepare(insert)
  const used = (numbers: Uint32Array): Uint8Array => toBytes(numbers.subarray(0, place))
  insertRow.run(
    pack,
    toBytes(filter.bits),
    toBytes(slots),
    names.bytes(),
    used(starts),
    used(ids),
    marks.subarray(0, place),
  )
}

/** The bits of a slot that no place of an entry needs; there are at least twice as many slots as entries (see packOne). */
const tagMask = (slots: number): number => ~(slots - 1)

/** The lower bits of the hash say in which slot; the upper ones are the tag. */
function enter(slots: Uint32Array, mixed: number, entry: number): void {
  const mask = slots.length - 1
  let slot = mixed & mask
  while (slots[slot] !== 0) slot = (slot + 1) & mask
  slots[slot] = (entry + 1) | (mixed & tagMask(slots.length))
}

function mixedOf(name: string): number {
  let hash = HASH_START
  for (let at = name.length - 1; at >= 0; at--) hash = addByte(hash, name.charCodeAt(at) & 0xff)
  return finish(hash)
}
