import type { MailAttachment } from '../../model/message.ts'
import { toHash } from '../../normalise/hash.ts'
import { toIp } from '../../normalise/host.ts'
import { toAddressKey, toMessageId } from '../../normalise/mail.ts'
import { scalarText } from '../json/parse-object.ts'
import { sparseMessage, toNetworkMessageId } from '../log/mail-values.ts'
import { inner } from '../log/named-row.ts'
import { describe, toCount, toLogUrl } from '../log/values.ts'
import { eventAt, readWhen } from '../log/when.ts'
import { UrlCollector } from '../mail/links.ts'
import type { AuditRecord } from './audit-record.ts'
import type { Reading } from './mailbox-operations.ts'

/** Attachments of one detection. */
const MAX_ATTACHMENTS = 500

/** TIMailData: a message that Defender for Office 365 judged. */
export function readThreatMail(record: AuditRecord): Reading {
  const { row, when } = record
  const urls = new UrlCollector()
  for (const entry of [...row.list('Urls'), ...row.list('PhishUrls')]) {
    const url = typeof entry === 'string' ? entry : inner(entry).text('Url', 'URL')
    if (url !== undefined) urls.add(url)
  }
  const attachments: MailAttachment[] = row
    .list('AttachmentData')
    .slice(0, MAX_ATTACHMENTS)
    .map((entry) => {
      const file = inner(entry)
      const hash = toHash(file.text('SHA256'))
      const bytes = toCount(file.text('FileSize'))
      return {
        name: file.text('FileName') ?? '',
        ...(hash?.kind === 'sha256' ? { sha256: hash.hash } : {}),
        ...(bytes === undefined ? {} : { bytes }),
      }
    })
  const sender = toAddressKey(row.text('P2Sender', 'P1Sender') ?? '')
  const recipients = row.list('Recipients').flatMap((entry) => toAddressKey(scalarText(entry) ?? '') ?? [])
  const uniqueId = toNetworkMessageId(row.text('NetworkMessageId'))
  const action = row.text('PolicyAction', 'DeliveryAction')?.toLowerCase()
  const sourceIp = toIp(row.text('SenderIp'))
  const messageTime = readWhen(row.text('MessageTime', 'MailDeliveryTime'), 'UTC', null, true).at ?? when.at
  const shared = {
    messageId: toMessageId(row.text('InternetMessageId')),
    ...(uniqueId === undefined ? {} : { uniqueId }),
    subject: row.text('Subject') ?? '',
    from: sender === undefined ? null : { address: sender },
    sentAt: null,
    deliveredAt: messageTime,
    ...(sourceIp === undefined ? {} : { sourceIp }),
    urls: urls.list(),
    attachments,
    ...(action === undefined ? {} : { recordedAction: action }),
  }
  return {
    items: [
      ...recipients.map((address) =>
        sparseMessage({ ...shared, recipients: [{ address, role: 'envelope' }], mailbox: address }),
      ),
      eventAt(when, 'alert', {
        provider: 'Microsoft Defender for Office 365',
        action: row.text('DeliveryAction', 'PolicyAction'),
        rule: row.text('Policy', 'DetectionType', 'Verdict') ?? record.operation,
        severity: row.text('Verdict'),
        messageId: shared.messageId ?? undefined,
        networkMessageId: uniqueId,
        sender,
        recipient: recipients.join(', ').slice(0, 2_000) || undefined,
        subject: shared.subject === '' ? undefined : shared.subject,
        sourceIp,
        url: shared.urls[0]?.url,
        attachment:
          attachments
            .map(({ name }) => name)
            .join('; ')
            .slice(0, 2_000) || undefined,
        sha256: attachments[0]?.sha256,
        detail: describe([
          ['detection', row.text('DetectionMethod')],
          [
            'threats',
            row
              .list('ThreatsAndDetectionTech')
              .map((one) => scalarText(one) ?? '')
              .join(', '),
          ],
          ['direction', row.text('Directionality')],
        ]),
      }),
    ],
  }
}

/** TIUrlClickData: a click on a wrapped link. */
export function readThreatClick(record: AuditRecord): Reading {
  const { row, when, fields } = record
  return {
    items: [
      eventAt(when, 'url-click', {
        ...fields,
        sourceIp: toIp(row.text('UserIp')) ?? fields.sourceIp,
        url: toLogUrl(row.text('Url')),
        action: row.text('UrlClickAction') ?? fields.action,
        application: row.text('AppName') ?? fields.application,
        networkMessageId: toNetworkMessageId(row.text('SourceId', 'NetworkMessageId')),
      }),
    ],
  }
}

/** AlertTriggered, AlertEntityGenerated, AlertUpdated. */
export function readAlert(record: AuditRecord): Reading {
  const { row, when, fields } = record
  return {
    items: [
      eventAt(when, 'alert', {
        ...fields,
        rule: row.text('Name', 'AlertName'),
        severity: row.text('Severity'),
        status: row.text('Status') ?? fields.status,
        targetAccount: row.text('AlertEntityId'),
        detail: describe([
          ['category', row.text('Category')],
          ['', row.text('Comments')],
        ]),
      }),
    ],
  }
}
