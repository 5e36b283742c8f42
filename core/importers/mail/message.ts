import { createHash } from 'node:crypto'
import type { MailHeader, MailRecipient, MessageItem } from '../../model/message.ts'
import {
  parseAddressList,
  parseMailDate,
  parseMessageIds,
  toAddressKey,
  toMessageId,
} from '../../normalise/mail.ts'
import type { ParsedUnit, RecordIssue } from '../importer.ts'
import { readAuthentication } from './authentication.ts'
import { readContent, type MessageContent } from './content.ts'
import { findHeader, listHeader, MAX_SHOWN_HEADER, splitHeaders, toReadable } from './headers.ts'
import { parseStructured } from './parameters.ts'
import { findOrigin } from './received.ts'
import type { MessageIssue } from './texts.ts'

/** A part can be endless; a message beyond this is read up to here. Mail systems stop at 150 MB, most at 35. */
export const MAX_MESSAGE_BYTES = 160 << 20
/** Characters of the raw view: headers and texts; attachment bodies are marks anyway. */
export const MAX_MESSAGE_RAW = 131_072
/** Raw bytes shown in an issue. */
const MAX_EXCERPT = 200

export interface MessageBytes {
  readonly locator: string
  readonly bytes: Uint8Array
  /** The message was longer than {@link MAX_MESSAGE_BYTES}. */
  readonly isCut: boolean
  /** The mbox separator line, shown before the raw message. */
  readonly envelope?: string
}

/**
 * Turns the bytes of one RFC 5322 message into a record, or into an issue when it has no header at all.
 * @param importerId prefix of the issue codes
 * @param zone IANA zone for dates without one
 */
export function readMailMessage(message: MessageBytes, importerId: string, zone: string): ParsedUnit {
  const bytes = skipLeadingBlank(message.bytes)
  const charset = parseStructured(
    findHeader(splitHeaders(bytes).fields, 'Content-Type') ?? '',
  ).parameters.get('charset')
  const block = splitHeaders(bytes, 0, charset)
  if (!isMailHeader(block.fields)) {
    const excerpt = block.text.slice(0, MAX_EXCERPT)
    return { kind: 'issue', locator: message.locator, code: `${importerId}.no_headers`, excerpt, records: 1 }
  }
  const content = readContent(bytes)
  const issues = new Map<MessageIssue, string>([...content.issues].map((what) => [what, '']))
  if (message.isCut) issues.set('cut', '')
  if (block.isCut) issues.set('too_many_headers', '')
  const item = toMessageItem(block.fields, content, zone, issues)
  const raw = toRaw(message.envelope, block.text, content)
  // without an id two messages of one second would look like one
  const fingerprint =
    (item.messageId === null ? null : item.deliveredAt) ?? createHash('sha256').update(raw).digest('hex')
  const holder = item.mailbox ?? item.recipients[0]?.address ?? ''
  return {
    kind: 'record',
    locator: message.locator,
    raw,
    key: JSON.stringify(['mail', item.messageId, holder, fingerprint]),
    items: [item],
    ...(issues.size === 0
      ? {}
      : {
          issues: [...issues].map(([what, excerpt]): RecordIssue => ({
            code: `${importerId}.${what}`,
            excerpt,
          })),
        }),
  }
}

/** Exports put blank lines or a UTF-8 byte order mark before the header. */
function skipLeadingBlank(bytes: Uint8Array): Uint8Array {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  while (bytes[at] === 0x0a || bytes[at] === 0x0d) at++
  return bytes.subarray(at)
}

const MAIL_FIELDS: ReadonlySet<string> = new Set([
  'from',
  'to',
  'cc',
  'bcc',
  'subject',
  'date',
  'message-id',
  'received',
  'return-path',
  'mime-version',
  'content-type',
  'sender',
  'reply-to',
  'delivered-to',
  'x-mailer',
  'x-original-to',
  'authentication-results',
  'dkim-signature',
  'resent-from',
  'status',
  'x-mozilla-status',
  'x-gm-thrid',
  'list-id',
  'x-received',
  'arc-seal',
  'envelope-to',
  'delivery-date',
  'received-spf',
  'content-transfer-encoding',
  'references',
  'in-reply-to',
  'user-agent',
  'importance',
  'thread-topic',
  'thread-index',
  'x-spam-status',
  'x-originating-ip',
])

/** Number of different well-known mail fields. */
export function countMailFields(fields: readonly MailHeader[]): number {
  return new Set(fields.map((field) => field.name.toLowerCase()).filter((name) => MAIL_FIELDS.has(name))).size
}
const isMailHeader = (fields: readonly MailHeader[]): boolean => countMailFields(fields) > 0

function toMessageItem(
  headers: readonly MailHeader[],
  content: MessageContent,
  zone: string,
  issues: Map<MessageIssue, string>,
): MessageItem {
  const origin = findOrigin(headers, zone)
  const mailbox = [
    ...listHeader(headers, 'Delivered-To'),
    ...listHeader(headers, 'X-Original-To'),
    ...listHeader(headers, 'Envelope-To'),
  ]
    .map(toAddressKey)
    .find((address) => address !== undefined)
  const returnPath = toAddressKey(findHeader(headers, 'Return-Path') ?? '')
  const inReplyTo = parseMessageIds(findHeader(headers, 'In-Reply-To') ?? '')[0]
  const uniqueId = findHeader(headers, 'X-MS-Exchange-Organization-Network-Message-Id')?.trim()
  return {
    type: 'message',
    messageId: toMessageId(findHeader(headers, 'Message-ID')),
    ...(uniqueId === undefined || uniqueId === '' ? {} : { uniqueId }),
    subject: toReadable(findHeader(headers, 'Subject')),
    from: parseAddressList(findHeader(headers, 'From') ?? findHeader(headers, 'Sender') ?? '')[0] ?? null,
    replyTo: listHeader(headers, 'Reply-To').flatMap(parseAddressList),
    ...(returnPath === undefined ? {} : { returnPath }),
    recipients: listRecipients(headers),
    ...(mailbox === undefined ? {} : { mailbox }),
    sentAt: readDate(findHeader(headers, 'Date'), zone, issues),
    deliveredAt: origin.delivered?.at ?? readDate(findHeader(headers, 'Delivery-Date'), zone, issues),
    ...(origin.sourceIp === undefined ? {} : { sourceIp: origin.sourceIp }),
    ...(origin.sourceDomain === undefined ? {} : { sourceDomain: origin.sourceDomain }),
    headers: headers.map(({ name, value }) => ({
      name,
      value: toReadable(value.slice(0, MAX_SHOWN_HEADER)),
    })),
    authentication: readAuthentication(headers),
    urls: content.urls,
    attachments: content.attachments,
    ...(content.bodyText === '' ? {} : { bodyText: content.bodyText }),
    ...(inReplyTo === undefined ? {} : { inReplyTo }),
    references: parseMessageIds(findHeader(headers, 'References') ?? ''),
  }
}

function readDate(text: string | undefined, zone: string, issues: Map<MessageIssue, string>): number | null {
  if (text === undefined) return null
  const date = parseMailDate(text, zone)
  if (date === undefined) issues.set('date', text.slice(0, MAX_EXCERPT))
  else if (date.zoneAssumed) issues.set('date_without_zone', text.slice(0, MAX_EXCERPT))
  return date?.at ?? null
}

const ROLES = [
  ['To', 'to'],
  ['Cc', 'cc'],
  ['Bcc', 'bcc'],
  ['Delivered-To', 'envelope'],
  ['X-Original-To', 'envelope'],
  ['Envelope-To', 'envelope'],
] as const

/** Each address once, in its first role: an envelope address that To names as well stays `to`. */
function listRecipients(headers: readonly MailHeader[]): MailRecipient[] {
  const recipients = new Map<string, MailRecipient>()
  for (const [name, role] of ROLES)
    for (const address of listHeader(headers, name).flatMap(parseAddressList))
      if (!recipients.has(address.address)) recipients.set(address.address, { ...address, role })
  return [...recipients.values()]
}

/** Header block as it stands, then every text part, then a mark for every attachment. */
function toRaw(envelope: string | undefined, header: string, content: MessageContent): string {
  let raw = `${envelope === undefined ? '' : `${envelope}\n`}${header.replace(/\r\n/g, '\n')}`
  for (const piece of content.raw) {
    if (raw.length >= MAX_MESSAGE_RAW) break
    raw += `\n[${piece.mark}]\n${piece.text.replace(/\r\n/g, '\n')}`
  }
  return raw.length <= MAX_MESSAGE_RAW ? raw : `${raw.slice(0, MAX_MESSAGE_RAW)}\n[...]`
}
