import type { RecordItem } from '../importer.ts'
import type { CsvMeaning } from '../csv/csv-records.ts'
import type { EventFields } from '../../model/event.ts'
import type { MessageItem } from '../../model/message.ts'
import { toHost, toIp } from '../../normalise/host.ts'
import { toAddressKey, toMessageId } from '../../normalise/mail.ts'
import type { DateOrder } from '../../model/date-order.ts'
import { sparseMessage, toNetworkMessageId } from '../log/mail-values.ts'
import { inner, type NamedRow } from '../log/named-row.ts'
import { describe, toCount } from '../log/values.ts'
import { eventAt, readWhen, type When } from '../log/when.ts'
import { describeRemarks, findMalware, parseCustomData } from './custom-data.ts'
import {
  isEventRow,
  MESSAGE_IDS,
  NETWORK_IDS,
  RECIPIENTS,
  SENDERS,
  STATUSES,
  SUBJECTS,
  TIMES_LOCAL,
  TIMES_UTC,
} from './names.ts'
import { isInMailbox, parseRecipientStatus, type RecipientStatus, toAction, toDirection } from './status.ts'

export interface TraceContext {
  readonly zone: string
  readonly dateOrder: DateOrder | null
}

/** Facts of a row that both messages and events need. */
interface TraceFacts {
  readonly when: When
  readonly messageId: string | null
  readonly networkId: string | undefined
  readonly sender: string | undefined
  readonly recipients: readonly RecipientStatus[]
  readonly subject: string
  readonly clientIp: string | undefined
  readonly direction: 'inbound' | 'outbound' | undefined
}

/** One row of any message trace report or tracking log. */
export function readTraceRow(row: NamedRow, context: TraceContext): CsvMeaning {
  const facts = readFacts(row, context)
  const issues = facts.when.isOdd ? [{ code: 'message-trace.time', excerpt: '' }] : []
  if (row.text(...SENDERS) === undefined && facts.recipients.length === 0) {
    if (row.text('event', 'event_id') === undefined)
      return { items: [], issues: [...issues, { code: 'message-trace.not_a_trace', excerpt: '' }] }
    return { ...readDetail(row, facts), issues }
  }
  const remarks = parseCustomData(row.text('custom_data'))
  const malware = findMalware(remarks)
  const items: RecordItem[] = isEventRow(row)
    ? readEvent(row, facts)
    : facts.recipients.map((one) => toMessage(row, facts, one))
  if (!isEventRow(row) && facts.recipients.length === 0) items.push(toMessage(row, facts, undefined))
  if (malware !== undefined)
    items.push(
      eventAt(facts.when, 'malware-detected', {
        ...sharedFields(facts),
        rule: malware.name,
        attachment: malware.file,
      }),
    )
  return { items, key: keyOf(row, facts), issues }
}

/** PowerShell 5.1 wraps some times: `{"value":"/Date(...)/","DateTime":"..."}`. */
function timeText(row: NamedRow, names: readonly string[]): string | undefined {
  const plain = row.text(...names)
  return plain ?? inner(row.value(...names)).text('value', 'DateTime')
}

function readFacts(row: NamedRow, context: TraceContext): TraceFacts {
  const utc = timeText(row, TIMES_UTC)
  // the rows of Get-MessageTraceDetail name the message, and their Date is UTC like all times of the cmdlets
  const isCmdlet = row.text('MessageTraceId') !== undefined
  const when =
    utc === undefined
      ? readWhen(timeText(row, TIMES_LOCAL), isCmdlet ? 'UTC' : context.zone, context.dateOrder, isCmdlet)
      : readWhen(utc, 'UTC', context.dateOrder, true)
  const statuses = row.text('recipient_status')
  const listed = row.text(...RECIPIENTS)
  const status = row.text(...STATUSES)
  const fromIp = toIp(row.text('original_client_ip', 'FromIP', 'client_ip'))
  const toAddress = row.text('ToIP')
  return {
    when,
    messageId: toMessageId(row.text(...MESSAGE_IDS)),
    networkId: toNetworkMessageId(row.text(...NETWORK_IDS)),
    // `<>` is the sender of bounces: nobody
    sender: toAddressKey(row.text(...SENDERS) ?? ''),
    recipients: mergeRecipients(statuses, listed, status),
    subject: row.text(...SUBJECTS) ?? '',
    clientIp: fromIp,
    // a trace row without a sending host but with a receiving one left the organisation
    direction:
      toDirection(row.text('directionality', 'Direction')) ??
      (fromIp === undefined && toAddress !== undefined ? 'outbound' : undefined),
  }
}

/** In the tracking log `recipient-status` is a list of SMTP answers beside the list of recipients. */
function mergeRecipients(
  statuses: string | undefined,
  listed: string | undefined,
  status: string | undefined,
): RecipientStatus[] {
  if (statuses?.includes('##') === true) return parseRecipientStatus(statuses)
  const addresses = listed ?? (statuses?.includes('@') === true ? statuses : undefined)
  return addresses === undefined
    ? []
    : parseRecipientStatus(addresses).map(({ address }) => ({ address, status }))
}

function toMessage(row: NamedRow, facts: TraceFacts, recipient: RecipientStatus | undefined): MessageItem {
  const action = toAction(recipient?.status)
  const address = recipient === undefined ? undefined : toAddressKey(recipient.address)
  const isOutbound = facts.direction === 'outbound' || action === 'sent'
  const isHere = !isOutbound && isInMailbox(action)
  const returnPath = toAddressKey(row.text('return_path') ?? '')
  return sparseMessage({
    messageId: facts.messageId,
    ...(facts.networkId === undefined ? {} : { uniqueId: facts.networkId }),
    subject: facts.subject,
    from: facts.sender === undefined ? null : { address: facts.sender },
    ...(returnPath === undefined ? {} : { returnPath }),
    recipients: address === undefined ? [] : [{ address, role: 'envelope' }],
    // quarantine holds a copy for this mailbox; what failed or left has none
    ...(address !== undefined && !isOutbound && (isHere || action === 'quarantined')
      ? { mailbox: address }
      : {}),
    sentAt: isHere ? null : facts.when.at,
    deliveredAt: isHere ? facts.when.at : null,
    ...(facts.clientIp === undefined ? {} : { sourceIp: facts.clientIp }),
    ...(action === undefined ? {} : { recordedAction: action }),
  })
}

function sharedFields(facts: TraceFacts): EventFields {
  return {
    provider: 'Exchange',
    messageId: facts.messageId ?? undefined,
    networkMessageId: facts.networkId,
    sender: facts.sender,
    recipient:
      facts.recipients
        .map(({ address }) => address.toLowerCase())
        .join(', ')
        .slice(0, 2_000) || undefined,
    subject: facts.subject === '' ? undefined : facts.subject,
    sourceIp: facts.clientIp,
  }
}

/** Events that end the way of a copy: they are messages. All others are steps on the way. */
const FINAL: ReadonlySet<string> = new Set([
  'DELIVER',
  'SEND',
  'SENDEXTERNAL',
  'FAIL',
  'DROP',
  'BADMAIL',
  'DUPLICATEDELIVER',
  'QUARANTINE',
])

function readEvent(row: NamedRow, facts: TraceFacts): RecordItem[] {
  const event = row.text('event_id')?.toUpperCase() ?? ''
  if (FINAL.has(event))
    return facts.recipients.map(({ address }) => toMessage(row, facts, { address, status: event }))
  return [
    eventAt(facts.when, 'generic', {
      ...sharedFields(facts),
      action: `${row.text('source') ?? ''} ${event}`.trim(),
      host: toHost(row.text('server_hostname')),
      sourceIp: facts.clientIp,
      sourceHost: toHost(row.text('client_hostname')),
      destinationIp: toIp(row.text('server_ip')),
      status:
        row.text('recipient_status')?.includes('##') === true
          ? undefined
          : row.text('recipient_status')?.slice(0, 500),
      bytesSent: toCount(row.text('total_bytes')),
      detail: describe([
        ['', row.text('source_context')],
        ['connector', row.text('connector_id')],
        ['related', row.text('related_recipient_address')],
        ['reference', row.text('reference')],
        ['', describeRemarks(parseCustomData(row.text('custom_data')))],
      ]),
    }),
  ]
}

/** A row of Get-MessageTraceDetail: what happened to one message, without its sender and recipient. */
function readDetail(row: NamedRow, facts: TraceFacts): CsvMeaning {
  const event = row.text('event', 'event_id')
  return {
    items: [
      eventAt(facts.when, 'generic', {
        ...sharedFields(facts),
        action: event,
        outcome: /^(?:fail|drop|badmail)/i.test(event ?? '') ? 'failure' : undefined,
        status: row.text('Action'),
        detail: describe([
          ['', row.text('Detail', 'Description')],
          ['', row.text('Data')],
        ]),
      }),
    ],
    key:
      facts.networkId === undefined || facts.when.at === null
        ? undefined
        : JSON.stringify([
            'trace-detail',
            facts.networkId,
            facts.when.at,
            event ?? '',
            row.text('Detail', 'Description') ?? '',
          ]),
  }
}

/** The same copy with the same outcome in two reports is one; steps of the way differ by time and kind. */
function keyOf(row: NamedRow, facts: TraceFacts): string | undefined {
  const id = facts.networkId ?? facts.messageId ?? undefined
  if (id === undefined) return undefined
  const copies = facts.recipients.map(
    ({ address, status }) => `${address.toLowerCase()} ${toAction(status) ?? ''}`,
  )
  if (!isEventRow(row)) return JSON.stringify(['trace', id, copies])
  if (facts.when.at === null) return undefined
  return JSON.stringify([
    'trace-event',
    id,
    facts.when.at,
    row.text('source')?.toUpperCase() ?? '',
    row.text('event_id')?.toUpperCase() ?? '',
    copies,
    row.text('internal_message_id') ?? '',
  ])
}
