import type { MailAddress, MailHeader, MailRecipient, MessageItem } from '../../../model/message.ts'
import { parseAddressList, parseMessageIds, toAddressKey, toMessageId } from '../../../normalise/mail.ts'
import type { ParsedRecord } from '../../importer.ts'
import { attachmentOpeners } from '../attachments/openers.ts'
import { ContentReading } from '../content-reading.ts'
import { splitHeaders, toReadable } from '../headers.ts'
import {
  MAX_EXCERPT,
  toIssues,
  toMailRecord,
  toMessageItem,
  toRaw,
  type MessageRemarks,
} from '../message-item.ts'
import { readMapiContent } from './content.ts'
import { P, type MapiMessage } from './message.ts'
import { readOneOffList } from './one-off.ts'
import type { MapiProperties } from './properties.ts'

export interface MapiPlace {
  readonly importerId: string
  readonly locator: string
  /** IANA zone for header dates without one; Outlook's own times are UTC. */
  readonly zone: string
  /** Address of the mailbox that the file is a copy of, when the file says so. */
  readonly mailbox?: string | undefined
}

/** What a record of a mail store can hold beside mail: contacts, appointments, tasks, notes. */
const NOT_MAIL =
  /^IPM\.(?:Appointment|Contact|DistList|Task|StickyNote|Activity|Post\.Rss|Configuration|Rule|Microsoft)/i

const FLAG_UNSENT = 0x08
const FLAG_FROM_ME = 0x20

/** Turns an Outlook item into a record. Items that are no mail keep their raw text and mean nothing further. */
export async function readMapiMessage(message: MapiMessage, place: MapiPlace): Promise<ParsedRecord> {
  const { properties } = message
  const remarks: MessageRemarks = new Map()
  const transport = properties.text(P.transportHeaders)
  const headers = transport === undefined ? [] : splitHeaders(Buffer.from(transport, 'utf8')).fields
  const reading = new ContentReading(attachmentOpeners)
  const bodies = readMapiContent(message, reading, { depth: 0, holder: undefined })
  const content = await reading.finish(bodies)
  for (const what of content.issues) remarks.set(what, '')
  const raw = toRaw(undefined, `${describe(properties)}${transport ?? ''}`, content)
  if (NOT_MAIL.test(properties.text(P.messageClass) ?? ''))
    return { kind: 'record', locator: place.locator, raw, items: [], ...toIssues(place.importerId, remarks) }
  const base = toMessageItem(headers, content, place.zone, remarks)
  const item = addProperties(base, message, headers, place.mailbox, remarks)
  return toMailRecord(place.importerId, place.locator, raw, item, remarks)
}

/** The properties fill what the header fields leave open; who sent it to whom the header knows best. */
function addProperties(
  base: MessageItem,
  message: MapiMessage,
  headers: readonly MailHeader[],
  store: string | undefined,
  remarks: MessageRemarks,
): MessageItem {
  const { properties } = message
  const flags = properties.number(P.messageFlags) ?? 0
  const isOwn = (flags & (FLAG_FROM_ME | FLAG_UNSENT)) !== 0
  const mailbox = isOwn ? undefined : (store ?? receivedBy(properties) ?? base.mailbox)
  const from = base.from ?? readSender(properties)
  if (from === null) {
    const name = properties.text(P.representingAddress, P.senderAddress, P.representingName, P.senderName)
    if (name !== undefined) remarks.set('exchange_address', name.slice(0, MAX_EXCERPT))
  }
  const recipients = mergeRecipients(message.recipients(), base.recipients, remarks)
  const inReplyTo = base.inReplyTo ?? toMessageId(properties.text(P.inReplyTo)) ?? undefined
  const { mailbox: _, ...rest } = base
  return {
    ...rest,
    messageId: base.messageId ?? toMessageId(properties.text(P.messageId)),
    subject: toReadable(readSubject(properties)) || base.subject,
    from,
    replyTo: base.replyTo.length > 0 ? base.replyTo : readReplyTo(properties),
    recipients,
    ...(mailbox === undefined ? {} : { mailbox }),
    sentAt:
      base.sentAt ?? ((flags & FLAG_UNSENT) === 0 ? properties.time(P.clientSubmitTime) : undefined) ?? null,
    deliveredAt: isOwn ? null : (base.deliveredAt ?? properties.time(P.deliveryTime) ?? null),
    ...(inReplyTo === undefined ? {} : { inReplyTo }),
    references:
      base.references.length > 0 ? base.references : parseMessageIds(properties.text(P.references) ?? ''),
  }
}

/** A subject can begin with the length of its prefix, after the character U+0001 (MS-PST 2.5.3.1.1.1). */
const readSubject = (properties: MapiProperties): string | undefined => {
  const subject = properties.text(P.subject)
  return subject === undefined ? properties.text(P.normalizedSubject) : subject.replace(/^\u0001[\s\S]/, '')
}

function receivedBy(properties: MapiProperties): string | undefined {
  const smtp = toAddressKey(properties.text(P.receivedBySmtp) ?? '')
  return smtp ?? addressOf(properties, P.receivedByAddress, P.receivedByAddressType)
}

/** The names are addresses when nothing better was known; the entries hold name and address. */
function readReplyTo(properties: MapiProperties): readonly MailAddress[] {
  const entries = readOneOffList(properties.bytes(P.replyToEntries) ?? Buffer.alloc(0))
  return entries.length > 0 ? entries : parseAddressList(properties.text(P.replyToNames) ?? '')
}

/** `From` is the one the mail was sent for; the sender proper stands in when it is not known. */
function readSender(properties: MapiProperties): MailAddress | null {
  const represented =
    toAddressKey(properties.text(P.representingSmtp) ?? '') ??
    addressOf(properties, P.representingAddress, P.representingAddressType)
  const sender =
    toAddressKey(properties.text(P.senderSmtp) ?? '') ??
    addressOf(properties, P.senderAddress, P.senderAddressType)
  const address = represented ?? sender
  if (address === undefined) return null
  return named(address, properties.text(represented === undefined ? P.senderName : P.representingName))
}

/** An address whose type is `EX` is a directory name (`/o=...`), not a mail address. */
function addressOf(properties: MapiProperties, address: number, type: number): string | undefined {
  if (/^(?:EX|X400|FAX)$/i.test(properties.text(type) ?? '')) return undefined
  return toAddressKey(properties.text(address) ?? '')
}

const named = (address: string, name: string | undefined): MailAddress => {
  const plain = toReadable(name)
  return plain === '' || plain.toLowerCase() === address ? { address } : { address, name: plain }
}

const ROLES = new Map<number, MailRecipient['role']>([
  [1, 'to'],
  [2, 'cc'],
  [3, 'bcc'],
])

/** The recipient table knows Bcc; the header knows addresses that the table has as directory names only. */
function mergeRecipients(
  table: readonly MapiProperties[],
  stated: readonly MailRecipient[],
  remarks: MessageRemarks,
): readonly MailRecipient[] {
  const found = new Map<string, MailRecipient>()
  for (const recipient of table) {
    const role = ROLES.get((recipient.number(P.recipientType) ?? 1) & 0x0f)
    const address =
      toAddressKey(recipient.text(P.smtpAddress) ?? '') ?? addressOf(recipient, P.address, P.addressType)
    if (role === undefined || found.has(address ?? '')) continue
    if (address === undefined) {
      if (!remarks.has('exchange_address'))
        remarks.set(
          'exchange_address',
          (recipient.text(P.address, P.displayName) ?? '').slice(0, MAX_EXCERPT),
        )
      continue
    }
    found.set(address, { ...named(address, recipient.text(P.displayName)), role })
  }
  for (const recipient of stated) if (!found.has(recipient.address)) found.set(recipient.address, recipient)
  return [...found.values()]
}

/** The properties that matter, as text before the transport headers of the raw view. */
function describe(properties: MapiProperties): string {
  const lines: string[] = []
  for (const [name, id] of Object.entries(P)) {
    if (id === P.transportHeaders || id === P.body || !properties.has(id)) continue
    const time = properties.time(id)
    const value =
      properties.text(id)?.slice(0, 1_000) ??
      (time === undefined ? properties.number(id) : new Date(time / 1000).toISOString())
    if (value !== undefined) lines.push(`[${id.toString(16).padStart(4, '0')} ${name}] ${value}`)
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}
