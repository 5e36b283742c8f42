import { toIso, toMailDate } from './clock.ts'
import { COMPANY } from './company.ts'
import { type Hashes, hashBytes } from './fake-hash.ts'

export interface DemoAttachment {
  readonly name: string
  readonly contentType: string
  readonly bytes: Uint8Array
  readonly hashes: Hashes
}

/** What the mail scanner did with a copy. */
export type CopyAction = 'pass' | 'quarantine' | 'delete'
export interface MailCopy {
  readonly mailbox: string
  readonly deliveredAt: number
  readonly uniqueId: string
  readonly action: CopyAction
}

/** One logical message with its copies in the mailboxes. */
export interface DemoMessage {
  readonly messageId: string
  readonly from: { readonly address: string; readonly name: string }
  readonly to: readonly { readonly address: string; readonly name: string }[]
  readonly subject: string
  readonly sentAt: number
  readonly sourceIp: string
  readonly sourceHost: string
  readonly urls: readonly string[]
  readonly text: string
  readonly attachments: readonly DemoAttachment[]
  readonly copies: readonly MailCopy[]
  readonly inReplyTo?: string
  readonly mailer?: string
  readonly authentication: string
}

export function attachment(name: string, contentType: string, bytes: Uint8Array): DemoAttachment {
  return { name, contentType, bytes, hashes: hashBytes(bytes) }
}

/** RFC 2047 where needed, so that the header is ASCII. Long words are cut at whole characters. */
export function encodeWords(text: string): string {
  if ([...text].every((sign) => sign >= ' ' && sign <= '~')) return text
  const words: string[] = []
  let word = ''
  for (const sign of text) {
    if (Buffer.byteLength(word + sign) > 42) {
      words.push(word)
      word = ''
    }
    word += sign
  }
  words.push(word)
  return words.map((part) => `=?utf-8?B?${Buffer.from(part).toString('base64')}?=`).join(' ')
}

const mailbox = (person: { address: string; name: string }): string =>
  person.name === '' ? person.address : `${quoteName(person.name)} <${person.address}>`
const quoteName = (name: string): string => {
  const encoded = encodeWords(name)
  return encoded === name && /[^\w .-]/.test(name) ? `"${name.replace(/["\\]/g, '')}"` : encoded
}

/** Headers of one copy, newest hop first, as the mailbox holds them. */
export function headersOf(message: DemoMessage, copy: MailCopy): readonly (readonly [string, string])[] {
  const inside = `mx01.${COMPANY.mailDomain}`
  const shownTo = message.to.slice(0, 3).map(mailbox).join(', ')
  const headers: [string, string][] = [
    [
      'Received',
      `from ${inside} (10.10.0.5) by mailbox.${COMPANY.mailDomain} with ESMTPS; ${toMailDate(copy.deliveredAt)}`,
    ],
    [
      'Received',
      `from ${message.sourceHost} (${message.sourceHost} [${message.sourceIp}]) by ${inside} with ESMTPS; ${toMailDate(message.sentAt + 2_000_000)}`,
    ],
    ['Authentication-Results', `${inside}; ${message.authentication}`],
    ['Return-Path', `<${message.from.address}>`],
    ['From', mailbox(message.from)],
    ['To', message.to.length > 3 ? 'undisclosed-recipients:;' : shownTo],
    ['Subject', encodeWords(message.subject)],
    ['Date', toMailDate(message.sentAt)],
    ['Message-ID', `<${message.messageId}>`],
    ['MIME-Version', '1.0'],
  ]
  if (message.mailer !== undefined) headers.push(['X-Mailer', message.mailer])
  if (message.inReplyTo !== undefined)
    headers.push(['In-Reply-To', `<${message.inReplyTo}>`], ['References', `<${message.inReplyTo}>`])
  return headers
}

/**
 * Pages of the mail scanner's sweep answer (threat-investigation.md 4.1), at most `pageSize` rows each, ordered by
 * delivery time. `mail_action` is what the scanner recorded.
 */
export function writeSweepPages(messages: readonly DemoMessage[], pageSize: number): string[] {
  const rows = messages.flatMap((message) => message.copies.map((copy) => ({ message, copy })))
  rows.sort((a, b) => a.copy.deliveredAt - b.copy.deliveredAt || (a.copy.uniqueId < b.copy.uniqueId ? -1 : 1))
  const pages: string[] = []
  const base = `https://api.mailscan.example/v1/sweeping/mails?limit=${pageSize}`
  for (let from = 0; from < rows.length; from += pageSize) {
    const isLast = from + pageSize >= rows.length
    const page = {
      current_link: from === 0 ? base : `${base}&skiptoken=${from}`,
      next_link: isLast ? null : `${base}&skiptoken=${from + pageSize}`,
      traceId: `demo-${String(from).padStart(6, '0')}`,
      value: rows.slice(from, from + pageSize).map(({ message, copy }) => sweepRow(message, copy)),
    }
    pages.push(`${JSON.stringify(page, null, 1)}\n`)
  }
  return pages
}

function sweepRow(message: DemoMessage, copy: MailCopy): object {
  return {
    mailbox: copy.mailbox,
    mail_message_sender: message.from.address,
    mail_message_recipient: message.to.length > 3 ? [copy.mailbox] : message.to.map((to) => to.address),
    mail_message_subject: message.subject,
    mail_message_delivery_time: toIso(copy.deliveredAt),
    mail_message_id: `<${message.messageId}>`,
    mail_unique_id: copy.uniqueId,
    source_ip: message.sourceIp,
    source_domain: message.sourceHost.replace(/^[^.]*\./, ''),
    mail_urls: message.urls,
    mail_attachments: message.attachments.map((file) => ({
      file_name: file.name,
      file_sha1: file.hashes.sha1.toLowerCase(),
      file_sha256: file.hashes.sha256.toLowerCase(),
    })),
    mail_internet_headers: headersOf(message, copy).map(([HeaderName, Value]) => ({ HeaderName, Value })),
    mail_action: copy.action,
  }
}

/** The copy as an .eml file with CRLF ends: text, HTML with links, attachments in base64. */
export function writeEml(message: DemoMessage, copy: MailCopy): string {
  const outer = `=_demo_${copy.uniqueId}`
  const inner = `${outer}_text`
  const links = message.urls
    .map((url) => `<p><a href="${escapeHtml(url)}">${escapeHtml(linkText(url))}</a></p>`)
    .join('')
  const plain = [message.text, ...message.urls].join('\n\n')
  const html = `<html><body><p>${escapeHtml(message.text).replaceAll('\n', '<br>')}</p>${links}</body></html>`
  const lines = [
    ...headersOf(message, copy).map(([name, value]) => fold(`${name}: ${value}`)),
    `Delivered-To: ${copy.mailbox}`,
    `Content-Type: multipart/mixed; boundary="${outer}"`,
    '',
    `--${outer}`,
    `Content-Type: multipart/alternative; boundary="${inner}"`,
    '',
    `--${inner}`,
    ...part('text/plain; charset=utf-8', Buffer.from(plain)),
    `--${inner}`,
    ...part('text/html; charset=utf-8', Buffer.from(html)),
    `--${inner}--`,
    ...message.attachments.flatMap((file) => [
      `--${outer}`,
      ...part(
        `${file.contentType}; name="${encodeWords(file.name)}"`,
        file.bytes,
        `Content-Disposition: attachment; filename="${encodeWords(file.name)}"`,
      ),
    ]),
    `--${outer}--`,
    '',
  ]
  return lines.join('\r\n')
}

const linkText = (url: string): string => new URL(url).host
const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
/** Folds at the blanks between encoded words, addresses and hop parts. */
const fold = (line: string): string =>
  line.length <= 78 ? line : line.replaceAll(/ (?==\?|by |\[|[^ ]+@|dkim|dmarc)/g, '\r\n ')

function part(contentType: string, bytes: Uint8Array, disposition?: string): string[] {
  const base64 = Buffer.from(bytes)
    .toString('base64')
    .replaceAll(/(.{76})/g, '$1\r\n')
  const head = [`Content-Type: ${contentType}`, 'Content-Transfer-Encoding: base64']
  return [...head, ...(disposition === undefined ? [] : [disposition]), '', base64, '']
}
