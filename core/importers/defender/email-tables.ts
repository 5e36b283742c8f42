import type { MailRecipient, MessageItem } from '../../model/message.ts'
import { toAddressKey, toMessageId } from '../../normalise/mail.ts'
import { present } from '../../normalise/placeholder.ts'
import { UrlCollector } from '../mail/links.ts'
import {
  hash,
  int,
  ip,
  mail,
  messageId,
  named,
  networkMessageId,
  type RowMeaning,
  text,
  toBoolean,
  toUrl,
  url,
} from './picks.ts'
import type { DefenderRow } from './row.ts'

/** Deliveries that never reached the recipient's mailbox (DeliveryAction, DeliveryLocation of formats.md B2). */
const NOT_DELIVERED = /^(?:blocked|dropped|failed|quarantined?)$/i
const RECIPIENT = 'RecipientEmailAddress'

const address = (row: DefenderRow, column: string): string | undefined => toAddressKey(row.text(column) ?? '')

function sender(row: DefenderRow): MessageItem['from'] {
  const from = address(row, 'SenderFromAddress') ?? address(row, 'SenderMailFromAddress')
  const name = present(row.text('SenderDisplayName'))
  return from === undefined ? null : { address: from, ...(name === undefined ? {} : { name }) }
}

/** The recipient of the row's copy, and who else stands in To and Cc (newer tables). */
function recipients(row: DefenderRow): MailRecipient[] {
  const found = new Map<string, MailRecipient>()
  const own = address(row, RECIPIENT)
  for (const [column, role] of [
    ['To', 'to'],
    ['Cc', 'cc'],
  ] as const) {
    for (const part of (row.text(column) ?? '').slice(0, MAX_LIST).split(/[;,]/)) {
      const one = toAddressKey(part.replace(/["[\]]/g, ''))
      if (one !== undefined && !found.has(one)) found.set(one, { address: one, role })
    }
  }
  if (own !== undefined && !found.has(own)) found.set(own, { address: own, role: 'envelope' })
  return [...found.values()]
}
/**
 * A copy that was stopped on its way stands in no mailbox; whose copy it was tells the envelope, also where To names others beside: a
 * retro scan gives it back to that mailbox alone (W31).
 */
function withEnvelope(row: DefenderRow): MailRecipient[] {
  const own = address(row, RECIPIENT)
  return recipients(row).map((one) => (one.address === own ? { ...one, role: 'envelope' } : one))
}
/** Text of a recipient list that is read. */
const MAX_LIST = 200_000

/** `{"SPF":"pass","DKIM":"none","DMARC":"fail"}`, or `SPF=pass;DKIM=none` of older exports. */
function authentication(row: DefenderRow): MessageItem['authentication'] {
  const found: { spf?: string; dkim?: string; dmarc?: string } = {}
  const written = row.text('AuthenticationDetails') ?? ''
  for (const method of ['spf', 'dkim', 'dmarc'] as const) {
    const said =
      row.inside('AuthenticationDetails', method.toUpperCase()) ??
      new RegExp(`\\b${method}\\s*[=:]\\s*"?([a-z]+)`, 'i').exec(written)?.[1]
    const result = present(said)?.toLowerCase()
    if (result !== undefined) found[method] = result
  }
  return found
}

/** What the product did, in its words: the newest verdict first. */
function recordedAction(row: DefenderRow): string | undefined {
  const location = text('LatestDeliveryLocation', 'DeliveryLocation')(row)
  const action = text('LatestDeliveryAction', 'DeliveryAction')(row)
  if (location !== undefined && /^(?:quarantined?|dropped|failed)$/i.test(location))
    return location.toLowerCase()
  return action?.toLowerCase()
}

const FACTS = [
  'EmailDirection',
  'DeliveryAction',
  'DeliveryLocation',
  'LatestDeliveryAction',
  'LatestDeliveryLocation',
  'ThreatTypes',
  'ThreatNames',
  'ThreatClassification',
  'DetectionMethods',
  'ConfidenceLevel',
  'EmailAction',
  'EmailActionPolicy',
  'OrgLevelAction',
  'OrgLevelPolicy',
  'UserLevelAction',
  'UserLevelPolicy',
  'AuthenticationDetails',
  'Connectors',
  'ExchangeTransportRule',
  'ForwardingInformation',
  'DistributionList',
  'BulkComplaintLevel',
  'EmailClusterId',
  'EmailLanguage',
  'EmailSize',
  'AttachmentCount',
  'UrlCount',
  'IsFirstContact',
  'Context',
] as const
/** What the product said of the message is shown among its headers, under its own column names. */
function facts(row: DefenderRow): MessageItem['headers'] {
  return FACTS.flatMap((name) => {
    const value = present(row.text(name))
    return value === undefined ? [] : [{ name, value: value.slice(0, MAX_FACT) }]
  })
}
/** A fact is for reading; the raw record has it whole. */
const MAX_FACT = 4_000

/**
 * EmailEvents: one copy for one recipient. Only a copy that arrived has a mailbox and a time of delivery; what was blocked,
 * quarantined or went outside is a message sent.
 */
export function emailCopy(row: DefenderRow, at: number | null): MessageItem {
  const isOutbound = /^outbound$/i.test(row.text('EmailDirection')?.trim() ?? '')
  const places = ['DeliveryAction', 'DeliveryLocation'].map((column) => row.text(column)?.trim() ?? '')
  const isDelivered = !isOutbound && !places.some((place) => NOT_DELIVERED.test(place))
  const mailbox = isDelivered ? address(row, RECIPIENT) : undefined
  const action = recordedAction(row)
  const returnPath = address(row, 'SenderMailFromAddress')
  const sourceIp = ip('SenderIPv4', 'SenderIPv6')(row)
  const domain = present(row.text('SenderFromDomain') ?? row.text('SenderMailFromDomain'))?.toLowerCase()
  return {
    ...message(row),
    messageId: toMessageId(unescapeBrackets(row.text('InternetMessageId'))),
    subject: row.text('Subject') ?? '',
    ...(returnPath === undefined ? {} : { returnPath }),
    ...(mailbox === undefined ? {} : { mailbox }),
    sentAt: isDelivered ? null : at,
    deliveredAt: isDelivered ? at : null,
    ...(sourceIp === undefined ? {} : { sourceIp }),
    ...(domain === undefined ? {} : { sourceDomain: domain }),
    recipients: isDelivered || isOutbound ? recipients(row) : withEnvelope(row),
    headers: facts(row),
    authentication: authentication(row),
    ...(action === undefined ? {} : { recordedAction: action }),
  }
}

/** Some collectors escape the angle brackets once too often. */
const unescapeBrackets = (id: string | undefined): string | undefined =>
  id?.replace(/\\u003c/gi, '<').replace(/\\u003e/gi, '>')

/** What every mail table says of its message. */
function message(row: DefenderRow): MessageItem {
  const uniqueId = networkMessageId(row)
  return {
    type: 'message',
    messageId: toMessageId(unescapeBrackets(row.text('InternetMessageId'))),
    ...(uniqueId === undefined ? {} : { uniqueId }),
    subject: row.text('Subject') ?? '',
    from: sender(row),
    replyTo: [],
    recipients: recipients(row),
    sentAt: null,
    deliveredAt: null,
    headers: [],
    authentication: {},
    urls: [],
    attachments: [],
    references: [],
  }
}

/** EmailUrlInfo: one link of a message. It names no recipient; the NetworkMessageId says whose link it is. */
export function emailUrl(row: DefenderRow, at: number | null): MessageItem {
  const urls = new UrlCollector()
  urls.add(row.text('Url') ?? '')
  const place = present(row.text('UrlLocation'))
  return {
    ...message(row),
    sentAt: at,
    urls: urls.list(),
    headers: place === undefined ? [] : [{ name: 'UrlLocation', value: place.slice(0, MAX_FACT) }],
  }
}

/** EmailAttachmentInfo: one attachment of one copy. */
export function emailAttachment(row: DefenderRow, at: number | null): MessageItem {
  const name = present(row.text('FileName')) ?? ''
  const bytes = int('FileSize')(row)
  const sha256 = hash('sha256', 'SHA256')(row)
  return {
    ...message(row),
    sentAt: at,
    attachments: [
      { name, ...(bytes === undefined ? {} : { bytes }), ...(sha256 === undefined ? {} : { sha256 }) },
    ],
    headers: facts(row),
  }
}

/** Admins, users and the mail system itself also give back what was taken. */
const GIVEN_BACK = /releas|redeliver|restor|move to inbox/i

/** EmailPostDeliveryEvents: what was done to a copy after it had arrived (ZAP, an administrator, the user). */
export const postDelivery: RowMeaning = {
  kind: (row) =>
    ['Action', 'ActionType'].some((column) => GIVEN_BACK.test(row.text(column) ?? ''))
      ? 'mail-released'
      : 'mail-removed',
  fields: {
    account: mail(RECIPIENT),
    accountMail: mail(RECIPIENT),
    recipient: mail(RECIPIENT),
    sender: mail('SenderFromAddress'),
    messageId: (row) => toMessageId(unescapeBrackets(row.text('InternetMessageId'))) ?? undefined,
    networkMessageId,
    action: text('Action', 'ActionType'),
    status: text('ActionResult'),
    outcome: (row) => {
      const result = row.text('ActionResult')?.trim() ?? ''
      return /^success/i.test(result) ? 'success' : /fail|error/i.test(result) ? 'failure' : undefined
    },
    rule: text('ActionType'),
    detail: named(
      'ActionType',
      'ActionTrigger',
      'SourceLocation',
      'DeliveryLocation',
      'ThreatTypes',
      'DetectionMethods',
    ),
  },
}

/** UrlClickEvents, MessageUrlInfo of Teams apart: who clicked which link, and whether the product let it through. */
export const urlClick: RowMeaning = {
  kind: 'url-click',
  fields: {
    account: text('AccountUpn'),
    accountMail: mail('AccountUpn'),
    sourceIp: ip('IPAddress'),
    url: url('Url'),
    action: text('ActionType'),
    outcome: (row) => {
      if (toBoolean(row.text('IsClickedThrough')) === true) return 'success'
      const action = row.text('ActionType') ?? ''
      return /allow/i.test(action) ? 'success' : /block|error/i.test(action) ? 'failure' : undefined
    },
    application: text('AppName', 'Workload'),
    networkMessageId,
    severity: text('ThreatTypes'),
    detail: (row) => {
      const chain = row.json('UrlChain')
      const last = Array.isArray(chain) ? chain.at(-1) : undefined
      const reached = typeof last === 'string' ? toUrl(last) : undefined
      const rest = named(
        'Workload',
        'IsClickedThrough',
        'ThreatTypes',
        'DetectionMethods',
        'UrlChain',
        'AppVersion',
        'SourceId',
      )(row)
      if (reached === undefined || reached === url('Url')(row)) return rest
      return rest === undefined ? `Reached: ${reached}` : `Reached: ${reached}; ${rest}`
    },
  },
}
export const teamsMessage: RowMeaning = {
  kind: 'cloud-activity',
  fields: {
    account: text('SenderEmailAddress', 'SenderDisplayName'),
    accountMail: mail('SenderEmailAddress'),
    accountId: text('SenderObjectId'),
    recipient: text('RecipientDetails', 'RecipientEmailAddress'),
    url: url('Url'),
    subject: text('Subject'),
    messageId: messageId('TeamsMessageId'),
    application: text('Workload'),
    action: text('ActionType', 'Action', 'MessageType', 'DeliveryAction'),
    detail: named(
      'ThreadName',
      'ThreadType',
      'DeliveryLocation',
      'ThreatTypes',
      'DetectionMethods',
      'UrlDomain',
      'UrlLocation',
      'IsExternalThread',
    ),
  },
}
