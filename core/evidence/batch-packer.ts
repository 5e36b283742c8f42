import type { ParsedIssue, ParsedRecord, ParsedUnit } from '../importers/importer.ts'
import type { EventItem } from '../model/event.ts'
import { EVENT_COLUMNS, kindNumber } from '../store/event-columns.ts'
import { FIELD_LIMIT } from '../store/event-writer.ts'
import { KEY_BYTES, keyText } from '../store/key-writer.ts'
import {
  BlockCompressor,
  compressBlockSync,
  RawFramer,
  type OpenBlock,
  type PackedBlock,
} from '../store/raw-writer.ts'
import { Dictionary } from './dictionary.ts'
import { EVENT_HEAD, type PackedBatch, type PackedIssue } from './packed-batch.ts'
import { placeIn } from './repeated-parts.ts'

/** Records per batch, which is one transaction: large enough for speed, small enough to lose little on a kill. */
const BATCH_UNITS = 6_000
/** Raw text of a batch: records of half a megabyte each must not pile up. */
const BATCH_RAW_BYTES = 6 * 1024 * 1024

/** Room at first, for cells and keys: a mail is a file of its own, and half a megabyte for each kept the garbage collector busy. */
const CELLS = 2_048
const KEYS = 64

/** An issue keeps this much of what could not be read. */
const EXCERPT_LIMIT = 400

const columnNumbers: ReadonlyMap<string, number> = new Map(
  EVENT_COLUMNS.map(({ name }, position) => [name, position]),
)

const IS_TEXT: readonly boolean[] = EVENT_COLUMNS.map(({ isText }) => isText)

/** Packs what an importer yields for one part into batches for the writer. */
export class BatchPacker {
  readonly #prefix: string
  readonly #form: string
  readonly #dictionary: Dictionary
  readonly #framer: RawFramer
  readonly #compressor: BlockCompressor | undefined
  #blocks: Promise<PackedBlock>[] = []
  #openBlocks: OpenBlock[] = []
  #rawBytes = 0
  #units = 0
  #unitsInBatch = 0
  #records = 0
  #cells = new Float64Array(CELLS)
  #cellCount = 0
  #columns = new Map<number, Set<number>>()
  /** Per kind: the names of the fields of its last event, in their order, and their columns. */
  readonly #layouts: Layout[] = []
  #items: PackedBatch['items'][number][] = []
  #keys: Buffer = Buffer.alloc(KEYS * KEY_BYTES)
  #keyed = 0
  #issues: PackedIssue[] = []
  #headings: PackedBatch['headings'][number][] = []
  /** Records of the part so far, those of an earlier run too. */
  #place = 0
  /** Hash of the bytes of the part, where the case has them: see repeated-parts.ts. */
  readonly #repeats: string | null

  /**
   * @param prefix goes before every locator: the path inside an archive
   * @param form id of the importer, which renders what is kept in place
   * @param repeats hash of the bytes of the part where the case has them: records without an identity are then known by their place
   * @param isThreaded compress on the runtime's threads; otherwise where `takeSync` is called
   */
  constructor(
    prefix: string,
    isThreaded: boolean,
    form = '',
    dictionary = new Dictionary(),
    repeats: string | null = null,
  ) {
    this.#repeats = repeats
    this.#prefix = prefix
    this.#form = form
    this.#dictionary = dictionary
    this.#compressor = isThreaded ? new BlockCompressor() : undefined
    this.#framer = new RawFramer((block) => {
      this.#rawBytes += block.bytes.length
      if (this.#compressor) this.#blocks.push(this.#compressor.compress(block))
      else this.#openBlocks.push(block)
    })
  }

  close(): void {
    this.#compressor?.close()
  }

  /** Counts a unit that an earlier run of the import has stored. */
  skip(unit: ParsedUnit): void {
    this.#units += 1
    if (unit.kind === 'record') this.#place += 1
  }

  /** Takes one unit in. True when the batch is large enough to be taken. */
  add(unit: ParsedUnit): boolean {
    this.#units += 1
    this.#unitsInBatch += 1
    if (unit.kind === 'record') this.#addRecord(unit)
    else if (unit.kind === 'issue') this.#addIssue(unit)
    else this.#headings.push({ record: this.#records, text: unit.text })
    return this.#unitsInBatch >= BATCH_UNITS || this.#rawBytes >= BATCH_RAW_BYTES
  }

  get isEmpty(): boolean {
    return this.#unitsInBatch === 0
  }

  /** The batch so far; the packer goes on with the next one while its blocks are still being compressed. */
  async take(reached: number, endsSegment = false): Promise<PackedBatch> {
    this.#framer.empty()
    const blocks = this.#blocks
    this.#blocks = []
    const batch = this.#finish(reached, endsSegment)
    return { ...batch, raw: await Promise.all(blocks) }
  }
  /** The same without waiting: for what is stored within one call. */
  takeSync(): PackedBatch {
    this.#framer.empty()
    const raw = this.#openBlocks.map(compressBlockSync)
    this.#openBlocks = []
    return { ...this.#finish(0, false), raw }
  }

  #finish(reached: number, endsSegment: boolean): Omit<PackedBatch, 'raw'> {
    const batch = {
      units: this.#units,
      records: this.#records,
      reader: 0,
      endsSegment,
      strings: this.#dictionary.take(),
      columns: this.#columns,
      events: this.#cells.slice(0, this.#cellCount),
      items: this.#items,
      keys: this.#takeKeys(),
      keyed: this.#keyed,
      issues: this.#issues,
      headings: this.#headings,
      reached,
    }
    this.#keyed = 0
    this.#rawBytes = 0
    this.#unitsInBatch = 0
    this.#records = 0
    this.#cellCount = 0
    this.#columns = new Map()
    this.#items = []
    this.#issues = []
    this.#headings = []
    return batch
  }

  #addRecord(unit: ParsedRecord): void {
    const record = this.#records
    this.#records += 1
    if (unit.inPlace === undefined) this.#framer.add(this.#prefix + unit.locator, unit.raw)
    else this.#framer.addInPlace(this.#form, this.#prefix, unit.inPlace.source, unit.inPlace.at)
    if (unit.key !== undefined) this.#addKey(record, unit.key)
    else if (this.#repeats !== null) this.#addKey(record, placeIn(this.#repeats, this.#place))
    this.#place += 1
    for (const item of unit.items) {
      if (item.type === 'event') this.#addEvent(record, item)
      else this.#items.push({ record, item })
    }
    if (unit.issues === undefined) return
    const locator = this.#prefix + unit.locator
    for (const { code, excerpt } of unit.issues)
      this.#issues.push({ record, locator, code, excerpt: excerpt.slice(0, EXCERPT_LIMIT), records: 0 })
  }

  #addIssue({ locator, code, excerpt, records }: ParsedIssue): void {
    const place = this.#prefix + locator
    this.#issues.push({ record: -1, locator: place, code, excerpt: excerpt.slice(0, EXCERPT_LIMIT), records })
  }

  #addKey(record: number, key: string): void {
    this.#keyed += 1
    this.#reserveKeys(record + 1)
    this.#keys.write(keyText(key), record * KEY_BYTES, KEY_BYTES, 'latin1')
  }

  #reserveKeys(records: number): void {
    if (records * KEY_BYTES <= this.#keys.length) return
    const larger = Buffer.alloc(Math.max(records, BATCH_UNITS) * KEY_BYTES)
    this.#keys.copy(larger)
    this.#keys = larger
  }

  /** The keys of the records so far; empty when none has one. */
  #takeKeys(): Uint8Array<ArrayBuffer> {
    if (this.#keyed === 0) return new Uint8Array(0)
    this.#reserveKeys(this.#records)
    const taken = new Uint8Array(this.#keys.subarray(0, this.#records * KEY_BYTES))
    this.#keys.fill(0)
    return taken
  }

  #addEvent(record: number, { at, kind, zoneAssumed, fields }: EventItem): void {
    const room = this.#cellCount + EVENT_HEAD + EVENT_COLUMNS.length * 2
    if (room > this.#cells.length) this.#growCells(room)
    const cells = this.#cells
    const start = this.#cellCount
    const number = kindNumber(kind)
    let used = this.#columns.get(number)
    if (used === undefined) this.#columns.set(number, (used = new Set()))
    const { names, columns } = (this.#layouts[number] ??= { names: [], columns: [] })
    let next = start + EVENT_HEAD
    let place = -1
    for (const name in fields) {
      place += 1
      const value = fields[name as keyof typeof fields]
      if (value === undefined || value === '') continue
      if (names[place] !== name) {
        names[place] = name
        columns[place] = columnNumbers.get(name)
      }
      const column = columns[place]
      if (column === undefined) continue
      if (IS_TEXT[column]) cells[next + 1] = this.#dictionary.number(toText(value))
      else if (Number.isSafeInteger(value)) cells[next + 1] = value as number
      else continue
      cells[next] = column
      next += 2
      used.add(column)
    }
    cells[start] = record
    cells[start + 1] = at ?? NaN
    cells[start + 2] = number * 2 + (zoneAssumed === true ? 1 : 0)
    cells[start + 3] = (next - start - EVENT_HEAD) / 2
    this.#cellCount = next
  }

  #growCells(room: number): void {
    const larger = new Float64Array(room * 2)
    larger.set(this.#cells)
    this.#cells = larger
  }
}

/** Events of one kind have the same fields, one after the other: what was looked up for one of them holds for the next. */
interface Layout {
  readonly names: string[]
  readonly columns: (number | undefined)[]
}

const toText = (value: string | number): string => {
  const text = typeof value === 'string' ? value : String(value)
  return text.length > FIELD_LIMIT ? text.slice(0, FIELD_LIMIT) : text
}
