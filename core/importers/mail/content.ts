import { createHash } from 'node:crypto'
import type { MailAttachment, MailUrl } from '../../model/message.ts'
import { decodeText } from './charset.ts'
import { readHtml } from './html.ts'
import { UrlCollector } from './links.ts'
import { walkMime, type MimeLeaf } from './mime.ts'
import type { MessageIssue } from './texts.ts'
import { decodeTransfer } from './transfer.ts'

/** Forwarded messages inside forwarded messages; deeper ones stay attachments and are reported. */
export const MAX_NESTED_MESSAGES = 8
/** Characters of body text kept for reading and search. */
export const MAX_BODY_TEXT = 65_536
/** Text looked at for links in one part; a longer part is padding. */
const MAX_SCANNED_TEXT = 4 << 20

/** What stands in the raw view for one leaf. */
export interface RawPiece {
  readonly mark: string
  readonly text: string
}

export interface MessageContent {
  readonly bodyText: string
  readonly urls: readonly MailUrl[]
  readonly attachments: readonly MailAttachment[]
  readonly raw: readonly RawPiece[]
  readonly issues: ReadonlySet<MessageIssue>
}

interface Reading {
  readonly urls: UrlCollector
  readonly attachments: MailAttachment[]
  readonly raw: RawPiece[]
  readonly issues: Set<MessageIssue>
}

/** Reads body text, links and attachments of a message (header block included in `bytes`). */
export function readContent(bytes: Uint8Array): MessageContent {
  const reading: Reading = { urls: new UrlCollector(), attachments: [], raw: [], issues: new Set() }
  const bodyText = readMessage(bytes, reading, 0, undefined)
  if (reading.urls.isFull) reading.issues.add('too_many_urls')
  return {
    bodyText: bodyText.slice(0, MAX_BODY_TEXT),
    urls: reading.urls.list(),
    attachments: reading.attachments,
    raw: reading.raw,
    issues: reading.issues,
  }
}

/** @param holder index of the attachment that holds this message; undefined for the message itself */
function readMessage(bytes: Uint8Array, reading: Reading, depth: number, holder: number | undefined): string {
  const tree = walkMime(bytes)
  if (tree.isCut) reading.issues.add('too_many_parts')
  if (tree.isTruncated) reading.issues.add('truncated')
  const bodies: { alternative: number; isHtml: boolean; text: string }[] = []
  for (const leaf of tree.leaves) {
    const content = decodeTransfer(leaf.body, leaf.encoding)
    if (!isBody(leaf)) {
      readAttachment(leaf, content, reading, depth)
      continue
    }
    const written = decodeText(content, leaf.charset).slice(0, MAX_SCANNED_TEXT)
    const isHtml = leaf.contentType === 'text/html'
    const html = isHtml ? readHtml(written) : undefined
    if (html === undefined) reading.urls.addText(written, holder)
    else reading.urls.addHtml(html, holder)
    bodies.push({ alternative: leaf.alternative, isHtml, text: html?.text ?? toPlainText(written) })
    if (holder === undefined) reading.raw.push({ mark: leaf.contentType, text: written })
  }
  return joinBodies(bodies)
}

/** Clients show unnamed text in the message; everything else is offered as an attachment. */
const isBody = (leaf: MimeLeaf): boolean =>
  leaf.disposition !== 'attachment' &&
  (leaf.contentType === 'text/html' || (leaf.contentType === 'text/plain' && leaf.fileName === undefined)) &&
  !(leaf.contentType === 'text/html' && leaf.fileName !== undefined && leaf.disposition !== 'inline')

/** Of alternatives the plain text is taken when there is one; everything else follows in order. */
function joinBodies(bodies: readonly { alternative: number; isHtml: boolean; text: string }[]): string {
  const withPlain = new Set(
    bodies
      .filter((body) => body.alternative > 0 && !body.isHtml && body.text.trim() !== '')
      .map((body) => body.alternative),
  )
  return bodies
    .filter((body) => !(body.isHtml && withPlain.has(body.alternative)))
    .map((body) => body.text.trim())
    .filter((text) => text !== '')
    .join('\n\n')
}

/** Plain text without control characters other than line breaks and tabs. */
const toPlainText = (text: string): string =>
  text
    .slice(0, MAX_BODY_TEXT * 2)
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')

const hash = (algorithm: 'sha256' | 'sha1' | 'md5', bytes: Uint8Array): string =>
  createHash(algorithm).update(bytes).digest('hex')

/** Attachments whose links count: what a browser or mail client opens as a page or text. */
const isLinkText = (leaf: MimeLeaf): boolean =>
  leaf.contentType.startsWith('text/') ||
  /^application\/(?:xhtml\+xml|xml|ics|calendar)$|^image\/svg/.test(leaf.contentType) ||
  /\.(?:[sx]?html?|svg|txt|ics|url|xml|eml\.txt)$/i.test(leaf.fileName ?? '')

const isMarkup = (leaf: MimeLeaf, text: string): boolean =>
  leaf.contentType === 'text/html' ||
  /^\s*(?:<!doctype html|<html|<svg|<\?xml|<head|<body|<script|<meta)/i.test(text.slice(0, 2_000))

function readAttachment(leaf: MimeLeaf, content: Uint8Array, reading: Reading, depth: number): void {
  const isMessage = leaf.contentType === 'message/rfc822' || leaf.contentType === 'message/global'
  const index = reading.attachments.length
  const sha256 = hash('sha256', content)
  const name = leaf.fileName ?? (isMessage ? 'message.eml' : '')
  reading.attachments.push({
    name,
    contentType: leaf.contentType,
    bytes: content.length,
    sha256,
    sha1: hash('sha1', content),
    md5: hash('md5', content),
  })
  reading.raw.push({
    mark: `${leaf.contentType} ${JSON.stringify(name)} ${content.length} bytes sha256:${sha256}`,
    text: '',
  })
  if (isMessage) {
    if (depth + 1 >= MAX_NESTED_MESSAGES) reading.issues.add('nested_too_deep')
    else readMessage(content, reading, depth + 1, index)
  } else if (isLinkText(leaf)) {
    const text = decodeText(content, leaf.charset).slice(0, MAX_SCANNED_TEXT)
    if (isMarkup(leaf, text)) reading.urls.addHtml(readHtml(text), index)
    else reading.urls.addText(text, index)
  }
}
