import type { EventFields, EventItem } from '../../model/event.ts'
import type { MailAttachment, MessageItem } from '../../model/message.ts'
import { toHash } from '../../normalise/hash.ts'
import { parseAddressList, toAddressKey, toMessageId } from '../../normalise/mail.ts'
import { scalarText } from '../json/parse-object.ts'
import { sparseMessage } from '../log/mail-values.ts'
import { inner, type NamedRow } from '../log/named-row.ts'
import { describe, toLogUrl } from '../log/values.ts'
import { eventAt, readWhen } from '../log/when.ts'
import { UrlCollector } from './links.ts'

/** What one detection says (threat-investigation.md 4.3). */
export interface SecurityEvent {
  readonly items: readonly (MessageItem | EventItem)[]
  readonly key: string | undefined
  /** `time` when one of its times cannot be read. */
  readonly remarks: readonly string[]
}

/** Recipients of one message that are kept. */
const MAX_RECIPIENTS = 1_000

/** One entry of `security_events`: undefined when it is none. */
export function readSecurityEvent(row: NamedRow): SecurityEvent | undefined {
  const nested = row.value('message')
  const facts: NamedRow = nested === undefined ? row : inner(nested)
  const id = row.text('log_item_id') ?? facts.text('log_item_id')
  const detected = facts.text('detection_time')
  if (id === undefined && detected === undefined) return undefined
  const when = readWhen(detected, 'UTC', null, true)
  const delivered = readWhen(facts.text('mail_message_delivery_time'), 'UTC', null, true)
  const submitted = readWhen(facts.text('mail_message_submit_time'), 'UTC', null, true)
  const urls = readUrls(facts)
  const files = readFiles(facts)
  const user = facts.text('affected_user')
  const subject = facts.text('mail_message_subject')
  const sender = parseAddressList(facts.text('mail_message_sender') ?? '')[0]
  const recipients = readRecipients(facts)
  const action = facts.text('action')
  const [file] = files
  const fields: EventFields = {
    provider: row.text('service') ?? 'Cloud mail scanner',
    action,
    outcome: toOutcome(facts.text('action_result')),
    status: facts.text('action_result'),
    account: user,
    accountMail: toAddressKey(user ?? ''),
    rule: facts.text('triggered_policy_name'),
    severity: facts.text('risk_level'),
    messageId: toMessageId(facts.text('mail_message_id')) ?? undefined,
    networkMessageId: facts.text('mail_unique_id'),
    sender: sender?.address,
    recipient:
      recipients
        .map(({ address }) => address)
        .join(', ')
        .slice(0, 2_000) || undefined,
    subject,
    url: urls[0]?.url,
    attachment: facts.text('mail_message_file_name'),
    target: facts.text('file_name') ?? facts.text('location'),
    sha256: file?.sha256,
    sha1: file?.sha1,
    detail: describe([
      ['filter', facts.text('triggered_security_filter')],
      ['risk', facts.text('security_risk_name')],
      ['virus', facts.text('virus_name')],
      ['ransomware', facts.text('ransomware_name')],
      ['detection', facts.text('detection_type')],
      ['detected by', facts.text('detected_by')],
      ['data loss', templateNames(facts)],
      ['scan', facts.text('scan_type')],
      ['location', facts.text('location')],
      ['event', row.text('event')],
    ]),
  }
  const alert = eventAt(when, 'alert', fields)
  return {
    items: isMail(facts) ? [toMessage(), alert] : [alert],
    key: id === undefined ? undefined : JSON.stringify(['security-event', id.toLowerCase()]),
    remarks: [when, delivered, submitted].some(({ isOdd }) => isOdd) ? ['time'] : [],
  }

  function toMessage(): MessageItem {
    const mailbox = toAddressKey(user ?? '') ?? toAddressKey(facts.text('location')?.split('\\')[0] ?? '')
    const uniqueId = facts.text('mail_unique_id')
    return sparseMessage({
      messageId: toMessageId(facts.text('mail_message_id')),
      ...(uniqueId === undefined ? {} : { uniqueId }),
      subject: subject ?? '',
      from: sender ?? null,
      recipients,
      ...(mailbox === undefined ? {} : { mailbox }),
      sentAt: submitted.at,
      deliveredAt: delivered.at,
      urls,
      attachments: facts.text('mail_message_file_name') === undefined ? [] : files,
      ...(action === undefined ? {} : { recordedAction: action.toLowerCase() }),
    })
  }
}

const isMail = (facts: NamedRow): boolean =>
  facts.text('mail_message_id', 'mail_message_sender', 'mail_message_subject', 'mail_unique_id') !== undefined

function readRecipients(facts: NamedRow): MessageItem['recipients'] {
  return facts
    .list('mail_message_recipient')
    .slice(0, MAX_RECIPIENTS)
    .flatMap((entry) => parseAddressList(scalarText(entry) ?? ''))
    .map((address) => ({ ...address, role: 'to' as const }))
}

/** Web Reputation names the URL as the risk. */
function readUrls(facts: NamedRow): MessageItem['urls'] {
  const urls = new UrlCollector()
  const risk = facts.text('security_risk_name')
  if (risk !== undefined && /^(?:https?|hxxps?|ftp):\/\//i.test(risk)) urls.add(toLogUrl(risk) ?? risk)
  for (const entry of facts.list('mail_urls', 'urls')) {
    const url = scalarText(entry) ?? inner(entry).text('url')
    if (url !== undefined) urls.add(url)
  }
  return urls.list()
}

function readFiles(facts: NamedRow): MailAttachment[] {
  const name = facts.text('mail_message_file_name', 'file_name')
  if (name === undefined) return []
  const sha256 = toHash(facts.text('file_sha256'))
  const sha1 = toHash(facts.text('file_sha1'))
  return [
    {
      name,
      ...(sha256?.kind === 'sha256' ? { sha256: sha256.hash } : {}),
      ...(sha1?.kind === 'sha1' ? { sha1: sha1.hash } : {}),
    },
  ]
}

/** Templates come as text, as a list, or as objects. */
function templateNames(facts: NamedRow): string | undefined {
  const names = facts
    .list('triggered_dlp_template')
    .slice(0, 100)
    .map(
      (entry) =>
        scalarText(entry) ?? inner(entry).text('name', 'template_name', 'triggered_dlp_template') ?? '',
    )
    .filter((name) => name !== '')
  return names.length === 0 ? undefined : names.join(', ')
}

function toOutcome(text: string | undefined): 'success' | 'failure' | undefined {
  if (text === undefined) return undefined
  return /^succe/i.test(text) ? 'success' : /^fail|^unsucc/i.test(text) ? 'failure' : undefined
}
