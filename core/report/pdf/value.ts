/** Another object of the same file: `12 0 R`. */
export class PdfRef {
  readonly id: number
  constructor(id: number) {
    this.id = id
  }
}

/** Keys without their slash. */
export type PdfDict = Map<string, PdfValue>
/**
 * What a PDF object holds (ISO 32000-1, 7.3). Numbers, strings, names and keywords stay the text they were written as, Latin-1, so that
 * what is not understood is passed on unchanged.
 */
export type PdfValue = string | PdfRef | readonly PdfValue[] | PdfDict

/** A value as text of a file, Latin-1. */
export function pdfText(value: PdfValue): string {
  if (typeof value === 'string') return value
  if (value instanceof PdfRef) return `${value.id} 0 R`
  if (value instanceof Map)
    return `<<${[...value].map(([key, one]) => `/${key} ${pdfText(one)}`).join('\n')}>>`
  return `[${value.map(pdfText).join(' ')}]`
}

/** A text as a string object: UTF-16 with its mark, in hexadecimal (7.9.2.2). */
export const pdfString = (text: string): string =>
  `<FEFF${[...text.toWellFormed()].flatMap((c) => Array.from({ length: c.length }, (_, at) => c.charCodeAt(at).toString(16).padStart(4, '0'))).join('')}>`

/** An entry that is a dictionary, or an empty one. */
export function dictOf(value: PdfValue | undefined): PdfDict {
  return value instanceof Map ? value : new Map<string, PdfValue>()
}

export const listOf = (value: PdfValue | undefined): readonly PdfValue[] =>
  Array.isArray(value) ? (value as readonly PdfValue[]) : value === undefined ? [] : [value]

/** The same text in memory of its own: a piece of a file's text would keep the whole of it. */
export const detached = (text: string): string => Buffer.from(text, 'latin1').toString('latin1')
