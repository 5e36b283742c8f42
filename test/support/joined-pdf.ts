import { inflateSync } from 'node:zlib'
import { PdfParser } from '../../core/report/pdf/parse.ts'
import { dictOf, listOf, PdfRef, type PdfDict, type PdfValue } from '../../core/report/pdf/value.ts'

/** Reads a PDF with packed objects back by its own table, apart from the code that wrote it. */
export class JoinedPdf {
  readonly #text: string
  readonly #places = new Map<number, { kind: number; place: number; index: number }>()
  readonly trailer: PdfDict

  constructor(bytes: Uint8Array) {
    this.#text = Buffer.from(bytes).toString('latin1')
    const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(this.#text)?.[1])
    const { dict, body } = this.#streamAt(start)
    this.trailer = dict
    for (let id = 0; id * 7 < body.length; id += 1)
      this.#places.set(id, {
        kind: body.readUInt8(id * 7),
        place: body.readUInt32BE(id * 7 + 1),
        index: body.readUInt16BE(id * 7 + 5),
      })
  }

  #streamAt(place: number): { dict: PdfDict; body: Buffer } {
    const parser = new PdfParser(this.#text, this.#text.indexOf('obj', place) + 3)
    const dict = dictOf(parser.value())
    parser.word()
    const raw = this.#text.slice(parser.at + 1, parser.at + 1 + Number(dict.get('Length')))
    const bytes = Buffer.from(raw, 'latin1')
    return { dict, body: dict.get('Filter') === '/FlateDecode' ? inflateSync(bytes) : bytes }
  }

  /** Objects that the table says are there. */
  ids(): readonly number[] {
    return [...this.#places].filter(([, { kind }]) => kind !== 0).map(([id]) => id)
  }

  get(value: PdfValue | undefined): PdfValue {
    if (!(value instanceof PdfRef)) return value ?? 'null'
    const found = this.#places.get(value.id)
    if (found === undefined || found.kind === 0) throw new Error(`object ${value.id} is nowhere`)
    if (found.kind === 1) return this.#streamAt(found.place).dict
    const { dict, body } = this.#streamAt(this.#places.get(found.place)?.place ?? -1)
    const text = body.toString('latin1')
    const head = text
      .slice(0, Number(dict.get('First')))
      .trim()
      .split(' ')
      .map(Number)
    if (head[found.index * 2] !== value.id) throw new Error(`object ${value.id} is not in its pack`)
    return new PdfParser(text, Number(dict.get('First')) + (head[found.index * 2 + 1] ?? 0)).value()
  }

  dict(value: PdfValue | undefined): PdfDict {
    return dictOf(this.get(value))
  }

  body(value: PdfValue | undefined): string {
    if (!(value instanceof PdfRef)) throw new Error('no stream')
    return this.#streamAt(this.#places.get(value.id)?.place ?? -1).body.toString('latin1')
  }

  root(): PdfDict {
    return this.dict(this.trailer.get('Root'))
  }

  pages(node: PdfValue | undefined = this.root().get('Pages')): readonly PdfDict[] {
    const dict = this.dict(node)
    return dict.get('Type') === '/Page' ? [dict] : listOf(dict.get('Kids')).flatMap((kid) => this.pages(kid))
  }

  /** Titles of bookmarks, two spaces per level. */
  bookmarks(node: PdfDict = this.dict(this.root().get('Outlines')), depth = 0): readonly string[] {
    const titles: string[] = []
    for (let at = node.get('First'); at !== undefined; at = this.dict(at).get('Next')) {
      const item = this.dict(at)
      titles.push('  '.repeat(depth) + String(item.get('Title')), ...this.bookmarks(item, depth + 1))
    }
    return titles
  }
}
