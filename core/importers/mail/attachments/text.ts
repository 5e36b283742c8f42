import { decodeText } from '../charset.ts'
import { MAX_SCANNED_TEXT, type AttachmentOpener } from '../content-reading.ts'
import { readHtml } from '../html.ts'

/** What a browser, calendar or editor opens as a page or text. */
export const textOpener: AttachmentOpener = {
  isContainer: false,
  fits: ({ contentType, name, bytes }) =>
    contentType.startsWith('text/') ||
    // a page under another name: Excel and Word open HTML that is called .xls or .doc
    MARKUP.test(Buffer.from(bytes.subarray(0, 512)).toString('latin1')) ||
    /^application\/(?:xhtml\+xml|xml|ics|calendar|rtf|json|x-javascript|javascript)$|^image\/svg/.test(
      contentType,
    ) ||
    /\.(?:[sx]?html?|svg|txt|log|csv|md|ics|vcs|vcf|xml|json|hta|js|jse|vbs|vbe|wsf|ps1|bat|cmd|rtf|one)$/i.test(
      name,
    ),
  open(file, reading, { holder }) {
    const written = decodeText(file.bytes.subarray(0, MAX_SCANNED_TEXT), file.charset)
    const isCalendar = /calendar|\/ics$/.test(file.contentType) || /\.(?:ics|vcs|vcf)$/i.test(file.name)
    // RFC 5545, 3.1: a line break followed by a space is not there
    const text = isCalendar ? written.replace(/\r?\n[ \t]/g, '').replace(/\\[nN]/g, '\n') : written
    if (isMarkup(file.contentType, text)) {
      reading.urls.addHtml(readHtml(text), holder)
      reading.addPage(text, holder)
    } else reading.urls.addText(text, holder)
  },
}

const MARKUP = /^(?:\xef\xbb\xbf)?\s*(?:<!doctype html|<html|<svg|<\?xml|<head|<body|<script|<meta)/i

const isMarkup = (contentType: string, text: string): boolean =>
  contentType === 'text/html' || MARKUP.test(text.slice(0, 2_000))
