import type { NamedRow } from '../log/named-row.ts'

/** Names of one fact in the exports of the message trace, folded comparison (formats.md B1). */
export const TIMES_UTC = [
  'received',
  'date_time_utc',
  'origin_timestamp_utc',
  'origin_timestamp',
  'receivedDateTime',
  'Date (UTC)',
  'Received (UTC)',
  'Date (UTC+00:00)',
  'date-time',
  'dateTime',
] as const
/** The admin centre writes these in the zone of whoever looked. */
export const TIMES_LOCAL = ['Date', 'Received time', 'Timestamp'] as const

export const SENDERS = ['SenderAddress', 'Sender', 'From address'] as const
export const RECIPIENTS = ['RecipientAddress', 'Recipient', 'Recipients', 'To address'] as const
export const SUBJECTS = ['Subject', 'message_subject'] as const
export const STATUSES = ['Status', 'delivery_status'] as const
export const MESSAGE_IDS = ['MessageId', 'internetMessageId', 'Internet message ID'] as const
export const NETWORK_IDS = ['network_message_id', 'MessageTraceId', 'Message trace ID', 'id'] as const

const hasAny = (names: ReadonlySet<string>, ...wanted: readonly string[]): boolean =>
  wanted.some((name) => names.has(name))

/** Which report a set of folded names belongs to; undefined when to none. */
export function shapeOfNames(names: ReadonlySet<string>): 'summary' | 'events' | 'details' | undefined {
  const isMail =
    hasAny(names, 'senderaddress', 'sender') &&
    hasAny(names, 'recipientaddress', 'recipient', 'recipients', 'recipientstatus')
  if (!isMail) {
    const isDetail = names.has('event') && hasAny(names, 'detail', 'description') && names.has('action')
    return isDetail && hasAny(names, 'messagetraceid', 'messageid') && hasAny(names, 'date', 'datetime')
      ? 'details'
      : undefined
  }
  if (names.has('eventid') && names.has('source') && hasAny(names, 'networkmessageid', 'internalmessageid'))
    return 'events'
  const hasTime = hasAny(
    names,
    'received',
    'datetimeutc',
    'origintimestamp',
    'origintimestamputc',
    'receiveddatetime',
    'dateutc',
    'date',
    'receivedtime',
    'receivedutc',
    'dateutc+0000',
  )
  const hasIdentity =
    hasAny(names, 'networkmessageid', 'messagetraceid', 'recipientstatus', 'fromip', 'originalclientip') ||
    (hasAny(names, 'messageid') && hasAny(names, 'status', 'deliverystatus'))
  const isBare = names.has('subject') && names.has('status') && names.has('date')
  return hasTime && (hasIdentity || isBare) ? 'summary' : undefined
}

export const isEventRow = (row: NamedRow): boolean =>
  row.text('event_id') !== undefined && row.text('source') !== undefined
