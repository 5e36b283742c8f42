import { constants, inflateSync } from 'node:zlib'
import type { AttachmentOpener, ContentReading } from '../content-reading.ts'
import { readPdfStrings, type PdfString } from './pdf-strings.ts'

/** Bytes of one PDF looked at: longer ones hold scans. */
const MAX_PDF_BYTES = 48 << 20
/** Packed streams opened of one file; object streams and page contents come early in most. */
const MAX_STREAMS = 5_000
/** One stream may unpack to this. */
const MAX_STREAM_BYTES = 8 << 20
/** Where the dictionary of a stream must lie: before its keyword. */
const MAX_DICTIONARY = 4_096

const STREAM = Buffer.from('stream')
const END = Buffer.from('endstream')

/**
 * Links of a PDF: `/URI` actions, forms, scripts and visible text, in the file itself and in its Flate streams. Nothing is
 * rendered; text in fonts with an own encoding stays unread.
 */
export const pdfOpener: AttachmentOpener = {
  isContainer: false,
  fits: ({ bytes, name, contentType }) =>
    hasMark(bytes) || ((contentType === 'application/pdf' || /\.pdf$/i.test(name)) && bytes.length > 0),
  open(file, reading, { holder }) {
    const bytes = Buffer.from(
      file.bytes.buffer,
      file.bytes.byteOffset,
      Math.min(file.bytes.length, MAX_PDF_BYTES),
    )
    const { outside, streams } = split(bytes)
    if (/\/Encrypt\s+\d/.test(outside)) {
      reading.issues.add('attachment_locked')
      return
    }
    for (const { dictionary, content } of streams) readStream(content, dictionary, reading, holder)
    addStrings(readPdfStrings(outside), reading, holder)
  },
}

interface Stream {
  readonly dictionary: string
  readonly content: Buffer
}

/** The text between the streams, and the streams that may hold links. */
function split(bytes: Buffer): { readonly outside: string; readonly streams: readonly Stream[] } {
  const outside: string[] = []
  const streams: Stream[] = []
  let from = 0
  for (let at = bytes.indexOf(STREAM); at !== -1; at = bytes.indexOf(STREAM, from)) {
    outside.push(bytes.toString('latin1', from, at))
    const before = bytes.toString('latin1', Math.max(from, at - MAX_DICTIONARY), at)
    const dictionary = before.slice(Math.max(0, before.lastIndexOf(' obj')))
    const start = at + STREAM.length + (bytes[at + STREAM.length] === 0x0d ? 2 : 1)
    const end = bytes.indexOf(END, start)
    const content = bytes.subarray(start, end === -1 ? bytes.length : end)
    from = end === -1 ? bytes.length : end + END.length
    if (isRead(dictionary) && streams.length < MAX_STREAMS) streams.push({ dictionary, content })
  }
  outside.push(bytes.toString('latin1', from))
  return { outside: outside.join('\n'), streams }
}

/** The mark may stand anywhere in the first kilobyte. */
const hasMark = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1_024)).includes('%PDF-')

/** Pictures, fonts and colour profiles hold no links. */
const isRead = (dictionary: string): boolean =>
  !/\/Subtype\s*\/(?:Image|Type1C|CIDFontType0C|OpenType)|\/FontFile|\/Length1\b|\/XRef\b|\/Metadata\b/.test(
    dictionary,
  )

function readStream(content: Buffer, dictionary: string, reading: ContentReading, holder: number): void {
  const isPacked = /\/Filter/.test(dictionary)
  if (isPacked && !/\/(?:FlateDecode|Fl)\b/.test(dictionary)) return
  const bytes = isPacked ? unpack(content, reading) : content.subarray(0, MAX_STREAM_BYTES)
  if (bytes !== undefined) addStrings(readPdfStrings(bytes.toString('latin1')), reading, holder)
}

function unpack(content: Buffer, reading: ContentReading): Buffer | undefined {
  const limit = Math.min(MAX_STREAM_BYTES, reading.room)
  if (limit < 1) return undefined
  try {
    const bytes = inflateSync(content, { maxOutputLength: limit, finishFlush: constants.Z_SYNC_FLUSH })
    return reading.spend(bytes.length) ? bytes : undefined
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    reading.issues.add(error.code === 'ERR_BUFFER_TOO_LARGE' ? 'expansion' : 'attachment_damaged')
    return undefined
  }
}

/** Strings that touch are one text: viewers write a line in pieces. */
function addStrings(strings: Iterable<PdfString>, reading: ContentReading, holder: number): void {
  const text: string[] = []
  for (const { value, isJoined, isUri } of strings) {
    if (isUri) reading.urls.add(value, undefined, holder)
    else text.push(isJoined ? '' : '\n', value)
  }
  reading.urls.addText(text.join(''), holder)
}
