import type { MailHeader } from '../../model/message.ts'
import type { ParsedUnit } from '../importer.ts'
import { readContent } from './content.ts'
import { findHeader, splitHeaders } from './headers.ts'
import { MAX_EXCERPT, toMailRecord, toMessageItem, toRaw, type MessageRemarks } from './message-item.ts'
import { parseStructured } from './parameters.ts'

/** A part can be endless; a message beyond this is read up to here. Mail systems stop at 150 MB, most at 35. */
export const MAX_MESSAGE_BYTES = 160 << 20
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
export async function readMailMessage(
  message: MessageBytes,
  importerId: string,
  zone: string,
): Promise<ParsedUnit> {
  const bytes = skipLeadingBlank(message.bytes)
  const charset = parseStructured(
    findHeader(splitHeaders(bytes).fields, 'Content-Type') ?? '',
  ).parameters.get('charset')
  const block = splitHeaders(bytes, 0, charset)
  if (!isMailHeader(block.fields)) {
    const excerpt = block.text.slice(0, MAX_EXCERPT)
    return { kind: 'issue', locator: message.locator, code: `${importerId}.no_headers`, excerpt, records: 1 }
  }
  const content = await readContent(bytes)
  const remarks: MessageRemarks = new Map([...content.issues].map((what) => [what, '']))
  if (message.isCut) remarks.set('cut', '')
  if (block.isCut) remarks.set('too_many_headers', '')
  const item = toMessageItem(block.fields, content, zone, remarks)
  return toMailRecord(
    importerId,
    message.locator,
    toRaw(message.envelope, block.text, content),
    item,
    remarks,
  )
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
