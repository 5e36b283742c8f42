import { deflateSync } from 'node:zlib'
import { PdfRef, pdfText, type PdfDict, type PdfValue } from './value.ts'

/** Objects packed together (ISO 32000-1, 7.5.7): the tree of tags of a long table is a million small ones, a tenth the size so. */
const PACKED_TOGETHER = 200
/** Bytes of an entry of the table at the end: kind, place, index. */
const ENTRY = 7

/**
 * Writes a PDF object by object; of what is written only its place is kept. `take` gives the bytes since the last time, so a file of any
 * length needs little memory.
 */
export class PdfWriter {
  #chunks: Buffer[] = []
  #at = 0
  #entries = Buffer.alloc(ENTRY * 4096)
  #next = 1
  #packed: { readonly id: number; readonly text: string }[] = []

  constructor() {
    this.#entries.writeUInt16BE(0xffff, 5)
    this.#put(Buffer.from('%PDF-1.7\n%\xd3\xeb\xe9\xe1\n', 'latin1'))
  }

  #put(bytes: Buffer): void {
    this.#chunks.push(bytes)
    this.#at += bytes.byteLength
  }

  /** A number for an object that is written later. */
  reserve(): PdfRef {
    return new PdfRef(this.#next++)
  }

  #note(id: number, kind: 1 | 2, place: number, index: number): void {
    const at = id * ENTRY
    if (at + ENTRY > this.#entries.byteLength)
      this.#entries = Buffer.concat([this.#entries, Buffer.alloc(Math.max(this.#entries.byteLength, at))])
    this.#entries.writeUInt8(kind, at)
    this.#entries.writeUInt32BE(place, at + 1)
    this.#entries.writeUInt16BE(index, at + 5)
  }

  add(value: PdfValue, ref: PdfRef = this.reserve()): PdfRef {
    this.#packed.push({ id: ref.id, text: pdfText(value) })
    if (this.#packed.length >= PACKED_TOGETHER) this.#flush()
    return ref
  }

  #flush(): void {
    if (this.#packed.length === 0) return
    const packed = this.#packed
    this.#packed = []
    const ref = this.reserve()
    let [head, length] = ['', 0]
    for (const [index, { id, text }] of packed.entries()) {
      head += `${id} ${length} `
      length += text.length + 1
      this.#note(id, 2, ref.id, index)
    }
    const dict = new Map<string, PdfValue>([
      ['Type', '/ObjStm'],
      ['N', String(packed.length)],
      ['First', String(head.length)],
      ['Filter', '/FlateDecode'],
    ])
    const text = head + packed.map((one) => `${one.text}\n`).join('')
    this.stream(dict, deflateSync(Buffer.from(text, 'latin1'), { level: 6 }), ref)
  }

  /** A stream whose bytes are encoded as its dictionary says. */
  stream(dict: PdfDict, bytes: Buffer, ref: PdfRef = this.reserve()): PdfRef {
    this.#note(ref.id, 1, this.#at, 0)
    const text = pdfText(new Map(dict).set('Length', String(bytes.byteLength)))
    this.#put(Buffer.from(`${ref.id} 0 obj\n${text}\nstream\n`, 'latin1'))
    // A copy: the bytes may be a view of a whole file that should not stay in memory.
    this.#put(Buffer.from(bytes))
    this.#put(Buffer.from('\nendstream\nendobj\n', 'latin1'))
    return ref
  }

  /** What was written since the last time. */
  take(): Buffer {
    const bytes = Buffer.concat(this.#chunks)
    this.#chunks = []
    return bytes
  }

  /** Writes the table of all objects; nothing is added after this. */
  finish(trailer: PdfDict): void {
    this.#flush()
    const ref = this.reserve()
    this.#note(ref.id, 1, this.#at, 0)
    // Object 0 is the head of the list of free ones; a number reserved and never written stays free.
    const table = this.#entries.subarray(0, this.#next * ENTRY)
    const start = this.#at
    const dict = new Map<string, PdfValue>([
      ['Type', '/XRef'],
      ['Size', String(this.#next)],
      ['W', ['1', '4', '2']],
      ['Filter', '/FlateDecode'],
      ...trailer,
    ])
    this.stream(dict, deflateSync(table, { level: 6 }), ref)
    this.#put(Buffer.from(`startxref\n${start}\n%%EOF\n`, 'latin1'))
  }
}
