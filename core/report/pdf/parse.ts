import { WorkbenchError } from '../../model/errors.ts'
import { PdfRef, type PdfDict, type PdfValue } from './value.ts'

/** Arrays and dictionaries inside each other: a printed page has five; a file that nests without end would use up the stack. */
const MAX_DEPTH = 64

const isSpace = (code: number): boolean =>
  code === 32 || code === 10 || code === 13 || code === 9 || code === 12 || code === 0
/** `( ) < > [ ] { } / %` */
const DELIMITERS = new Set([40, 41, 60, 62, 91, 93, 123, 125, 47, 37])
const REFERENCE = /(\d+)[ \n\r]+\d+[ \n\r]+R(?![A-Za-z0-9])/y

export const badPdf = (why: string): WorkbenchError => new WorkbenchError('report.unjoined', { reason: why })

/** Reads values out of a file that a browser has just printed; it is not a reader for any PDF of the world. */
export class PdfParser {
  readonly #text: string
  at: number
  /** @param text the file, one character per byte (Latin-1) */
  constructor(text: string, at = 0) {
    this.#text = text
    this.at = at
  }

  skipSpace(): void {
    while (isSpace(this.#text.charCodeAt(this.at))) this.at += 1
  }

  /** The word at the place, whatever it is; an empty text at a delimiter or the end. */
  word(): string {
    this.skipSpace()
    const from = this.at
    for (
      let code = this.#text.charCodeAt(this.at);
      this.at < this.#text.length;
      code = this.#text.charCodeAt(this.at)
    ) {
      if (isSpace(code) || DELIMITERS.has(code)) break
      this.at += 1
    }
    return this.#text.slice(from, this.at)
  }

  /** @throws WorkbenchError `report.unjoined` */
  value(depth = 0): PdfValue {
    if (depth > MAX_DEPTH) throw badPdf('nesting')
    this.skipSpace()
    const text = this.#text
    switch (text[this.at]) {
      case '<':
        return text[this.at + 1] === '<' ? this.#dict(depth) : this.#until('>')
      case '[':
        return this.#array(depth)
      case '(':
        return this.#string()
      case '/': {
        this.at += 1
        return `/${this.word()}`
      }
      default:
        return this.#referenceOrWord()
    }
  }

  #referenceOrWord(): PdfValue {
    REFERENCE.lastIndex = this.at
    const found = REFERENCE.exec(this.#text)
    if (found !== null) {
      this.at = REFERENCE.lastIndex
      return new PdfRef(Number(found[1]))
    }
    const word = this.word()
    if (word === '') throw badPdf(`unexpected byte at ${this.at}`)
    return word
  }

  #until(end: string): string {
    const from = this.at
    const to = this.#text.indexOf(end, from)
    if (to === -1) throw badPdf('unended string')
    this.at = to + 1
    return this.#text.slice(from, this.at)
  }

  #string(): string {
    const from = this.at
    let open = 0
    for (; this.at < this.#text.length; this.at += 1) {
      const code = this.#text.charCodeAt(this.at)
      if (code === 92) this.at += 1
      else if (code === 40) open += 1
      else if (code === 41 && (open -= 1) === 0) {
        this.at += 1
        return this.#text.slice(from, this.at)
      }
    }
    throw badPdf('unended string')
  }

  #array(depth: number): PdfValue {
    this.at += 1
    const values: PdfValue[] = []
    for (;;) {
      this.skipSpace()
      if (this.#text[this.at] === ']') break
      values.push(this.value(depth + 1))
    }
    this.at += 1
    return values
  }

  #dict(depth: number): PdfDict {
    this.at += 2
    const dict: PdfDict = new Map()
    for (;;) {
      this.skipSpace()
      if (this.#text.startsWith('>>', this.at)) break
      if (this.#text[this.at] !== '/') throw badPdf(`a dictionary breaks off at ${this.at}`)
      this.at += 1
      const key = this.word()
      dict.set(key, this.value(depth + 1))
    }
    this.at += 2
    return dict
  }
}
