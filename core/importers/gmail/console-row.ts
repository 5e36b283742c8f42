import type { CsvMeaning } from '../csv/csv-records.ts'
import type { DateOrder } from '../../model/date-order.ts'
import type { MailAttachment } from '../../model/message.ts'
import { toHash } from '../../normalise/hash.ts'
import { toIp } from '../../normalise/host.ts'
import { parseAddressList, toAddressKey } from '../../normalise/mail.ts'
import type { NamedRow } from '../log/named-row.ts'
import { describe, toLogUrl } from '../log/values.ts'
import { readAscWhen, readWhen } from '../log/when.ts'
import { stripId, toItems } from './mail-entry.ts'
import { stepOfWords } from './mail-steps.ts'

/** Columns with times in the exports of the admin console. */
export const CONSOLE_TIMES = ['Event date', 'Date', 'Start date', 'End date'] as const

/** A table of the console: the Email Log Search, or the Gmail log events of the investigation tool. */
export function isConsoleTable(names: ReadonlySet<string>): boolean {
  if (!names.has('messageid')) return false
  if (names.has('fromenvelope') || names.has('toenvelope') || names.has('fromheaderaddress'))
    return names.has('date')
  return names.has('eventstatus') && names.has('sender') && names.has('recipientaddress')
}

/** One row of a console export. Times are in the zone of whoever exported, unless they name one. */
export function readConsoleRow(row: NamedRow, zone: string, dateOrder: DateOrder | null): CsvMeaning {
  const written = row.text(...CONSOLE_TIMES)
  const plain = readWhen(written, zone, dateOrder)
  const when = plain.isOdd ? readAscWhen(written, zone) : plain
  const step = stepOfWords(row.text('Event status', 'Event'))
  const header = parseAddressList(row.text('From (Header address)', 'From (Header)') ?? '')[0]
  const sender = header?.address ?? toAddressKey(row.text('From (Envelope)', 'Sender') ?? '')
  const recipients = parseAddressList(row.text('Recipient address', 'To (Envelope)', 'Recipients') ?? '')
  const messageId = stripId(row.text('Message ID'))
  if (messageId === null && sender === undefined && recipients.length === 0)
    return { items: [], issues: [{ code: 'gmail-log.not_an_entry', excerpt: '' }] }
  return {
    items: toItems({
      when,
      step,
      messageId,
      subject: row.text('Subject') ?? '',
      sender,
      senderName: row.text('From (Header name)'),
      recipients: recipients.map(({ address }) => address),
      owner: toAddressKey(row.text('Owner', 'User', 'Actor') ?? ''),
      ip: toIp(row.text('IP address', 'Event target IP address', 'Client IP')),
      attachments: readAttachments(row),
      url: toLogUrl(row.text('Link URL', 'Target link URL')),
      isSpam: /^(?:spam|true|yes)$/i.test(row.text('Spam classification', 'Is spam') ?? ''),
      authentication: {},
      location: row.text('Geo location'),
      userAgent: row.text('Client type'),
      status: row.text('Event SMTP reply code', 'SMTP reply code'),
      detail: describe([
        ['', row.text('Event description', 'Description')],
        ['direction', row.text('Direction', 'Traffic source')],
        ['target', row.text('Event target')],
        ['links', row.text('Link domain')],
        ['spam', row.text('Spam classification')],
        ['delegate', row.text('Delegate')],
        ['malware', row.text('Attachment malware family')],
      ]),
    }),
    issues: when.isOdd ? [{ code: 'gmail-log.time', excerpt: written?.slice(0, 100) ?? '' }] : [],
  }
}

function readAttachments(row: NamedRow): MailAttachment[] {
  const names = (row.text('Attachment name', 'Attachment names') ?? '')
    .split(/[,;]/, 100)
    .map((name) => name.trim())
    .filter((name) => name !== '')
  const hash = toHash(row.text('Attachment hash'))
  const isOne = names.length === 1 && hash?.kind === 'sha256'
  return names.map((name) => (isOne ? { name, sha256: hash.hash } : { name }))
}
