import type { AttachmentOpener, ContentReading } from '../content-reading.ts'
import { listFilters, undoFilters } from './pdf-filters.ts'
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
    const { outside, streams, pictures } = split(bytes)
    if (/\/Encrypt\s+\d/.test(outside)) {
      reading.issues.add('attachment_locked')
      return
    }
    for (const { dictionary, content } of streams) readStream(content, dictionary, reading, holder)
    addStrings(readPdfStrings(outside), reading, holder)
    for (const picture of pictures) reading.addPicture(picture, holder)
  },
}

interface Stream {
  readonly dictionary: string
  readonly content: Buffer
}

/** The text between the streams, and the streams that may hold links. */
function split(bytes: Buffer): {
  readonly outside: string
  readonly streams: readonly Stream[]
  readonly pictures: readonly Buffer[]
} {
  const outside: string[] = []
  const streams: Stream[] = []
  const pictures: Buffer[] = []
  let from = 0
  for (let at = bytes.indexOf(STREAM); at !== -1; at = bytes.indexOf(STREAM, from)) {
    outside.push(bytes.toString('latin1', from, at))
    const before = bytes.toString('latin1', Math.max(from, at - MAX_DICTIONARY), at)
    // a name can be written in escapes: `/#46lateDecode`
    const dictionary = before
      .slice(Math.max(0, before.lastIndexOf(' obj')))
      .replace(/#([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    const start = at + STREAM.length + (bytes[at + STREAM.length] === 0x0d ? 2 : 1)
    const end = bytes.indexOf(END, start)
    const content = bytes.subarray(start, end === -1 ? bytes.length : end)
    from = end === -1 ? bytes.length : end + END.length
    if (isPhoto(dictionary)) pictures.push(content)
    if (isRead(dictionary) && streams.length < MAX_STREAMS) streams.push({ dictionary, content })
  }
  outside.push(bytes.toString('latin1', from))
  return { outside: outside.join('\n'), streams, pictures }
}

/** The mark may stand anywhere in the first kilobyte. */
const hasMark = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1_024)).includes('%PDF-')

/** A JPEG as it is: it may be a page with a QR code. */
const isPhoto = (dictionary: string): boolean =>
  /\/Subtype\s*\/Image/.test(dictionary) && /\/Filter\s*\[?\s*\/(?:DCTDecode|DCT)\b/.test(dictionary)

/** Pictures, fonts and colour profiles hold no links. */
const isRead = (dictionary: string): boolean =>
  !/\/Subtype\s*\/(?:Image|Type1C|CIDFontType0C|OpenType)|\/FontFile|\/Length1\b|\/XRef\b|\/Metadata\b/.test(
    dictionary,
  )

function readStream(content: Buffer, dictionary: string, reading: ContentReading, holder: number): void {
  const filters = listFilters(dictionary)
  const { bytes, why } = undoFilters(content, filters, Math.min(MAX_STREAM_BYTES, reading.room))
  if (why === 'expansion') reading.issues.add('expansion')
  else if (why === 'damaged') reading.issues.add('attachment_damaged')
  if (bytes === undefined || (filters.length > 0 && !reading.spend(bytes.length))) return
  addStrings(readPdfStrings(bytes.toString('latin1')), reading, holder)
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
