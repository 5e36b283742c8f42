import { createHash } from 'node:crypto'
import type { MailHeader, MailRecipient, MessageItem } from '../../model/message.ts'
import {
  parseAddressList,
  parseMailDate,
  parseMessageIds,
  toAddressKey,
  toMessageId,
} from '../../normalise/mail.ts'
import type { ParsedRecord } from '../importer.ts'
import { readAuthentication } from './authentication.ts'
import type { MessageContent } from './content-reading.ts'
import { findHeader, listHeader, MAX_SHOWN_HEADER, toReadable } from './headers.ts'
import { findOrigin } from './received.ts'
import type { MessageIssue } from './texts.ts'

/** Characters of the raw view: headers and texts; attachment bodies are marks anyway. */
export const MAX_MESSAGE_RAW = 131_072
/** Raw text shown in an issue. */
export const MAX_EXCERPT = 200

/** Remarks on one message by code, each with the text that caused it. */
export type MessageRemarks = Map<MessageIssue, string>

/** One message as a record, with the identity that its copies in other exports share. */
export function toMailRecord(
  importerId: string,
  locator: string,
  raw: string,
  item: MessageItem,
  remarks: MessageRemarks,
): ParsedRecord {
  // without an id two messages of one second would look like one
  const fingerprint =
    (item.messageId === null ? null : item.deliveredAt) ?? createHash('sha256').update(raw).digest('hex')
  const holder = item.mailbox ?? item.recipients[0]?.address ?? ''
  return {
    kind: 'record',
    locator,
    raw,
    key: JSON.stringify(['mail', item.messageId, holder, fingerprint]),
    items: [item],
    ...toIssues(importerId, remarks),
  }
}

/** The remarks as the issues of a record. */
export function toIssues(importerId: string, remarks: MessageRemarks): Pick<ParsedRecord, 'issues'> {
  if (remarks.size === 0) return {}
  return { issues: [...remarks].map(([what, excerpt]) => ({ code: `${importerId}.${what}`, excerpt })) }
}

/** What the header fields of a message say, with its content. */
export function toMessageItem(
  headers: readonly MailHeader[],
  content: MessageContent,
  zone: string,
  remarks: MessageRemarks,
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
    sentAt: readDate(findHeader(headers, 'Date'), zone, remarks),
    deliveredAt: origin.delivered?.at ?? readDate(findHeader(headers, 'Delivery-Date'), zone, remarks),
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

function readDate(text: string | undefined, zone: string, remarks: MessageRemarks): number | null {
  if (text === undefined) return null
  const date = parseMailDate(text, zone)
  if (date === undefined) remarks.set('date', text.slice(0, MAX_EXCERPT))
  else if (date.zoneAssumed) remarks.set('date_without_zone', text.slice(0, MAX_EXCERPT))
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
export function toRaw(envelope: string | undefined, header: string, content: MessageContent): string {
  let raw = `${envelope === undefined ? '' : `${envelope}\n`}${header.replace(/\r\n/g, '\n')}`
  for (const piece of content.raw) {
    if (raw.length >= MAX_MESSAGE_RAW) break
    raw += `\n[${piece.mark}]\n${piece.text.replace(/\r\n/g, '\n')}`
  }
  return raw.length <= MAX_MESSAGE_RAW ? raw : `${raw.slice(0, MAX_MESSAGE_RAW)}\n[...]`
}
