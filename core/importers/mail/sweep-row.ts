import type { MailAttachment, MailHeader, MailRecipient, MessageItem } from '../../model/message.ts'
import {
  parseAddressList,
  parseMailDate,
  parseMessageIds,
  toAddressKey,
  toMessageId,
} from '../../normalise/mail.ts'
import { parseTime } from '../../normalise/time.ts'
import { readAuthentication } from './authentication.ts'
import { findHeader, MAX_SHOWN_HEADER, MAX_HEADERS, toReadable } from './headers.ts'
import { UrlCollector } from './links.ts'

/** One row of the scanner's sweep, as JSON (threat-investigation.md 4.1). Field by field: rows come from outside. */
export type SweepRow = ReadonlyMap<string, unknown>

/** A row names a mailbox or a message; anything else in the array is not one. */
export function toSweepRow(value: unknown): SweepRow | undefined {
  const row = toFields(value)
  return ROW_KEYS.some((key) => row.has(key)) ? row : undefined
}
const ROW_KEYS = ['mail_message_id', 'mail_unique_id', 'mailbox', 'mail_message_sender']

/** An object as a map, so that keys such as `__proto__` are only names. */
const toFields = (value: unknown): ReadonlyMap<string, unknown> =>
  new Map(typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [])

/** Text that says something: the export writes empty strings and the word `null` for nothing. */
function text(row: ReadonlyMap<string, unknown>, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = row.get(name)
    const written = typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : ''
    if (written !== '' && written !== 'null') return written
  }
  return undefined
}

const list = (row: ReadonlyMap<string, unknown>, name: string): readonly unknown[] => {
  const value = row.get(name)
  return Array.isArray(value) ? value : value === undefined || value === null || value === '' ? [] : [value]
}

/** What could not be read of a row that is otherwise fine: `date` or `too_many_urls`. */
export type SweepRemark = 'date' | 'too_many_urls'

export interface SweepMessage {
  readonly item: MessageItem
  /** The same copy with the same recorded action, exported twice, has the same key. */
  readonly key: string
  readonly remarks: readonly SweepRemark[]
}

/** @param zone IANA zone for header dates without one; the scanner's own times are UTC */
export function toSweepMessage(row: SweepRow, zone: string): SweepMessage {
  const remarks: SweepRemark[] = []
  const headers = readHeaders(row)
  const deliveredText = text(row, 'mail_message_delivery_time')
  const deliveredAt = deliveredText === undefined ? null : (parseTime(deliveredText, 'UTC')?.us ?? null)
  if (deliveredText !== undefined && deliveredAt === null) remarks.push('date')
  const urls = new UrlCollector()
  for (const entry of list(row, 'mail_urls')) {
    const url = typeof entry === 'string' ? entry : text(toFields(entry), 'url', 'mail_url')
    if (url !== undefined) urls.add(url)
  }
  if (urls.isFull) remarks.push('too_many_urls')
  const uniqueId = text(row, 'mail_unique_id')
  const mailbox = toAddressKey(text(row, 'mailbox') ?? '') ?? text(row, 'mailbox')?.toLowerCase()
  const messageId = toMessageId(text(row, 'mail_message_id') ?? findHeader(headers, 'Message-ID'))
  const recordedAction = text(
    row,
    'mail_action',
    'action',
    'recorded_action',
    'mail_message_action',
  )?.toLowerCase()
  const sourceIp = text(row, 'source_ip')
  const sourceDomain = text(row, 'source_domain')?.toLowerCase()
  const returnPath = toAddressKey(findHeader(headers, 'Return-Path') ?? '')
  const inReplyTo = parseMessageIds(findHeader(headers, 'In-Reply-To') ?? '')[0]
  const date = findHeader(headers, 'Date')
  const item: MessageItem = {
    type: 'message',
    messageId,
    ...(uniqueId === undefined ? {} : { uniqueId }),
    subject: toReadable(text(row, 'mail_message_subject') ?? findHeader(headers, 'Subject')),
    from: readSender(row, headers),
    replyTo: parseAddressList(findHeader(headers, 'Reply-To') ?? ''),
    ...(returnPath === undefined ? {} : { returnPath }),
    recipients: readRecipients(row, headers),
    ...(mailbox === undefined ? {} : { mailbox }),
    sentAt: date === undefined ? null : (parseMailDate(date, zone)?.at ?? null),
    deliveredAt,
    ...(sourceIp === undefined ? {} : { sourceIp }),
    ...(sourceDomain === undefined ? {} : { sourceDomain }),
    headers,
    authentication: readAuthentication(headers),
    urls: urls.list(),
    attachments: readAttachments(row),
    ...(recordedAction === undefined ? {} : { recordedAction }),
    ...(inReplyTo === undefined ? {} : { inReplyTo }),
    references: parseMessageIds(findHeader(headers, 'References') ?? ''),
  }
  const key = JSON.stringify([
    'sweep',
    uniqueId ?? messageId,
    mailbox ?? '',
    deliveredAt,
    recordedAction ?? '',
  ])
  return { item, key, remarks }
}

function readSender(row: SweepRow, headers: readonly MailHeader[]): MessageItem['from'] {
  const inHeader = parseAddressList(findHeader(headers, 'From') ?? '')[0]
  const stated = parseAddressList(text(row, 'mail_message_sender') ?? '')[0]
  // the row has the bare address; the header may add the name
  return stated === undefined || stated.address === inHeader?.address ? (inHeader ?? stated ?? null) : stated
}

/** Values come as a list of pairs, folded lines and repeated names included. */
function readHeaders(row: SweepRow): MailHeader[] {
  return list(row, 'mail_internet_headers')
    .slice(0, MAX_HEADERS)
    .flatMap((entry) => {
      const pair = toFields(entry)
      const name = text(pair, 'HeaderName', 'header_name', 'name', 'Name')
      const value = text(pair, 'Value', 'value') ?? ''
      return name === undefined
        ? []
        : [{ name, value: value.replace(/\s*\r?\n\s*/g, ' ').slice(0, MAX_SHOWN_HEADER) }]
    })
}

/** The header tells To from Cc; the row's list says who got it. */
function readRecipients(row: SweepRow, headers: readonly MailHeader[]): MailRecipient[] {
  const roles = new Map<string, MailRecipient['role']>()
  for (const address of parseAddressList(findHeader(headers, 'Cc') ?? '')) roles.set(address.address, 'cc')
  for (const address of parseAddressList(findHeader(headers, 'To') ?? '')) roles.set(address.address, 'to')
  const stated = list(row, 'mail_message_recipient').flatMap((entry) =>
    typeof entry === 'string' ? parseAddressList(entry) : [],
  )
  const found = new Map<string, MailRecipient>()
  for (const address of stated)
    if (!found.has(address.address))
      found.set(address.address, { ...address, role: roles.get(address.address) ?? 'to' })
  return [...found.values()]
}

const hash = (value: string | undefined, length: number): string | undefined =>
  value !== undefined && value.length === length && /^[0-9a-f]+$/i.test(value)
    ? value.toLowerCase()
    : undefined

function readAttachments(row: SweepRow): MailAttachment[] {
  return list(row, 'mail_attachments').map((entry) => {
    const fields = toFields(entry)
    const sha256 = hash(text(fields, 'file_sha256'), 64)
    const sha1 = hash(text(fields, 'file_sha1'), 40)
    const md5 = hash(text(fields, 'file_md5'), 32)
    const size = Number(text(fields, 'file_size'))
    return {
      name: typeof entry === 'string' ? entry : (text(fields, 'file_name') ?? ''),
      ...(Number.isSafeInteger(size) && size >= 0 ? { bytes: size } : {}),
      ...(sha256 === undefined ? {} : { sha256 }),
      ...(sha1 === undefined ? {} : { sha1 }),
      ...(md5 === undefined ? {} : { md5 }),
    }
  })
}
