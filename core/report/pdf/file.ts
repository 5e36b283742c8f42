import { badPdf, PdfParser } from './parse.ts'
import { PdfRef, type PdfDict, type PdfValue } from './value.ts'

export interface PdfObject {
  readonly value: PdfValue
  /** The bytes of a stream as they are stored; null: no stream. */
  readonly stream: Buffer | null
}

/** Objects of one printed file: its table says up to this many (a part of a report has under 50,000). */
const MAX_OBJECTS = 5_000_000

/** A PDF in memory whose objects are read when they are asked for. Reads what Chromium prints: a plain table of objects at the end. */
export class PdfFile {
  readonly #bytes: Buffer
  readonly #text: string
  readonly #places = new Map<number, number>()
  readonly trailer: PdfDict

  /** @throws WorkbenchError `report.unjoined` when the file is not built so */
  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#text = this.#bytes.toString('latin1')
    const start = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(this.#text.slice(-64))?.[1]
    if (start === undefined) throw badPdf('no table of objects')
    const parser = new PdfParser(this.#text, Number(start))
    if (parser.word() !== 'xref') throw badPdf('a table of objects of another kind')
    for (let word = parser.word(); word !== 'trailer'; word = parser.word()) {
      const [first, count] = [Number(word), Number(parser.word())]
      if (!Number.isSafeInteger(first) || !(count >= 0 && count <= MAX_OBJECTS))
        throw badPdf('table of objects')
      for (let id = first; id < first + count; id += 1) {
        const place = Number(parser.word())
        parser.word()
        if (parser.word() === 'n') this.#places.set(id, place)
      }
    }
    const trailer = parser.value()
    if (!(trailer instanceof Map)) throw badPdf('trailer')
    this.trailer = trailer
  }

  ids(): IterableIterator<number> {
    return this.#places.keys()
  }

  get(id: number): PdfObject {
    const place = this.#places.get(id)
    if (place === undefined) return { value: 'null', stream: null }
    const parser = new PdfParser(this.#text, place)
    if (Number(parser.word()) !== id) throw badPdf(`object ${id}`)
    parser.word()
    if (parser.word() !== 'obj') throw badPdf(`object ${id}`)
    const value = parser.value()
    if (parser.word() !== 'stream' || !(value instanceof Map)) return { value, stream: null }
    if (this.#text[parser.at] === '\r') parser.at += 1
    const from = parser.at + 1
    const length = Number(this.resolve(value.get('Length') ?? '0'))
    if (!(length >= 0 && from + length <= this.#bytes.byteLength)) throw badPdf(`stream ${id}`)
    return { value, stream: this.#bytes.subarray(from, from + length) }
  }

  /** The value itself, or of the object it names. */
  resolve(value: PdfValue | undefined): PdfValue {
    let found = value ?? 'null'
    for (let hops = 0; found instanceof PdfRef && hops < 8; hops += 1) found = this.get(found.id).value
    return found
  }

  dict(value: PdfValue | undefined): PdfDict {
    const found = this.resolve(value)
    return found instanceof Map ? found : new Map<string, PdfValue>()
  }
}
