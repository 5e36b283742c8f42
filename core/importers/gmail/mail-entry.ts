import type { RecordItem } from '../importer.ts'
import type { EventFields } from '../../model/event.ts'
import type { MailAttachment, MailRecipient, MessageItem } from '../../model/message.ts'
import { toHash } from '../../normalise/hash.ts'
import { toIp } from '../../normalise/host.ts'
import { toAddressKey } from '../../normalise/mail.ts'
import { scalarText } from '../json/parse-object.ts'
import { sparseMessage } from '../log/mail-values.ts'
import { inner, type NamedRow } from '../log/named-row.ts'
import { describe, toCount, toLogUrl } from '../log/values.ts'
import { eventAt, type When } from '../log/when.ts'
import { UrlCollector } from '../mail/links.ts'
import type { MailStep } from './mail-steps.ts'

/** Facts of one entry of the Gmail log, from wherever they were written. */
export interface MailFacts {
  readonly when: When
  readonly step: MailStep
  readonly messageId: string | null
  readonly subject: string
  readonly sender: string | undefined
  readonly senderName: string | undefined
  readonly recipients: readonly string[]
  /** Mailbox the entry is about. */
  readonly owner: string | undefined
  readonly ip: string | undefined
  readonly attachments: readonly MailAttachment[]
  readonly url: string | undefined
  readonly isSpam: boolean
  readonly authentication: MessageItem['authentication']
  readonly location?: string | undefined
  readonly userAgent?: string | undefined
  readonly status?: string | undefined
  readonly detail: string | undefined
}

/** Recipients and attachments of one entry. */
const MAX_LIST = 1_000

export function toItems(facts: MailFacts): RecordItem[] {
  const { step } = facts
  if (step.as === 'event') return [eventAt(facts.when, step.kind, { ...fieldsOf(facts), action: step.name })]
  const action = step.action === 'delivered' && facts.isSpam ? 'junked' : step.action
  const isHere = action === 'delivered' || action === 'junked' || action === 'quarantined'
  const targets = facts.recipients.length === 0 ? [undefined] : facts.recipients
  return targets.map((address) => toMessage(facts, action, isHere, address))
}

function toMessage(
  facts: MailFacts,
  action: string,
  isHere: boolean,
  address: string | undefined,
): MessageItem {
  const recipients: MailRecipient[] = address === undefined ? [] : [{ address, role: 'envelope' }]
  const mailbox = isHere ? (facts.owner ?? address) : undefined
  const urls = new UrlCollector()
  if (facts.url !== undefined) urls.add(facts.url)
  const isDelivered = isHere && action !== 'quarantined'
  return sparseMessage({
    messageId: facts.messageId,
    subject: facts.subject,
    from:
      facts.sender === undefined
        ? null
        : { address: facts.sender, ...(facts.senderName === undefined ? {} : { name: facts.senderName }) },
    recipients,
    ...(mailbox === undefined ? {} : { mailbox }),
    sentAt: isDelivered ? null : facts.when.at,
    deliveredAt: isDelivered ? facts.when.at : null,
    ...(facts.ip === undefined ? {} : { sourceIp: facts.ip }),
    authentication: facts.authentication,
    urls: urls.list(),
    attachments: facts.attachments,
    recordedAction: action,
  })
}

function fieldsOf(facts: MailFacts): EventFields {
  const names = facts.attachments.map(({ name }) => name).join('; ')
  return {
    provider: 'Gmail',
    account: facts.owner,
    accountMail: facts.owner,
    messageId: facts.messageId ?? undefined,
    sender: facts.sender,
    recipient: facts.recipients.join(', ').slice(0, 2_000) || undefined,
    subject: facts.subject === '' ? undefined : facts.subject,
    sourceIp: facts.ip,
    location: facts.location,
    userAgent: facts.userAgent,
    url: facts.url,
    attachment: names === '' ? undefined : names.slice(0, 2_000),
    sha256: facts.attachments[0]?.sha256,
    status: facts.status,
    detail: facts.detail,
  }
}

/** `event_info` and `message_info` of BigQuery and of the Reports API. */
export function readInfo(
  info: NamedRow,
  message: NamedRow,
  when: When,
  step: MailStep,
  owner: string | undefined,
): MailFacts {
  const source = inner(message.value('source'))
  const connection = inner(message.value('connection_info'))
  const after = inner(inner(message.value('post_delivery_info')).value('interaction'))
  const client = inner(info.value('client_context'))
  const session = inner(client.value('session_context'))
  const place = [connection.text('ip_geo_city'), connection.text('ip_geo_country')].filter(
    (one) => one !== undefined,
  )
  return {
    when,
    step,
    messageId: stripId(message.text('rfc2822_message_id')),
    subject: message.text('subject') ?? '',
    sender:
      toAddressKey(source.text('from_header_address') ?? '') ?? toAddressKey(source.text('address') ?? ''),
    senderName: source.text('from_header_displayname'),
    recipients: readDestinations(message),
    owner: toAddressKey(owner ?? ''),
    ip: toIp(connection.text('client_ip', 'smtp_in_connect_ip')),
    attachments: readAttachments(message),
    url: toLogUrl(after.text('link_url')),
    isSpam: message.text('is_spam') === 'true',
    authentication: {
      ...passed('spf', connection.text('spf_pass')),
      ...passed('dkim', connection.text('dkim_pass')),
      ...passed('dmarc', connection.text('dmarc_pass')),
    },
    location: place.length === 0 ? undefined : place.join(', '),
    userAgent: client.text('client_type'),
    status: connection.text('smtp_reply_code'),
    detail: describe([
      ['', message.text('description')],
      ['delegate', session.text('delegate_user_email')],
      [
        'links',
        message
          .list('link_domain')
          .map((one) => scalarText(one) ?? '')
          .join(', '),
      ],
      ['spam', inner(message.value('spam_info')).text('disposition')],
      ['rules', message.text('flattened_triggered_rule_info')],
      ['reply', connection.text('smtp_response_reason')],
      ['tls', connection.text('smtp_tls_version')],
      ['remote', connection.text('smtp_out_remote_host')],
    ]),
  }
}

const passed = (name: string, text: string | undefined): Record<string, string> =>
  text === undefined ? {} : { [name]: text === 'true' ? 'pass' : 'fail' }

export const stripId = (text: string | undefined): string | null =>
  text === undefined ? null : text.trim().replace(/^<(.*)>$/, '$1') || null

function readDestinations(message: NamedRow): string[] {
  const listed = message
    .list('destination')
    .slice(0, MAX_LIST)
    .flatMap((entry) => toAddressKey(inner(entry).text('address') ?? '') ?? [])
  // `service:selector:address`, comma separated
  const flat = (message.text('flattened_destinations') ?? '')
    .split(',', MAX_LIST)
    .flatMap((entry) => toAddressKey(entry.split(':').at(-1) ?? '') ?? [])
  return [...new Set([...listed, ...flat])]
}

function readAttachments(message: NamedRow): MailAttachment[] {
  return message
    .list('attachment')
    .slice(0, MAX_LIST)
    .map((entry) => {
      const file = inner(entry)
      const hash = toHash(file.text('sha256'))
      const bytes = toCount(file.text('file_size'))
      return {
        name: file.text('file_name') ?? '',
        ...(hash?.kind === 'sha256' ? { sha256: hash.hash } : {}),
        ...(bytes === undefined ? {} : { bytes }),
      }
    })
}
