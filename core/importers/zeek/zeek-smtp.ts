import type { RecordItem } from '../importer.ts'
import type { MailHeader, MailRecipient } from '../../model/message.ts'
import { toIp } from '../../normalise/host.ts'
import {
  parseAddressList,
  parseMailDate,
  parseMessageIds,
  toAddressKey,
  toMessageId,
} from '../../normalise/mail.ts'
import { present } from '../../normalise/placeholder.ts'
import type { When } from '../log/when.ts'
import type { ZeekRow } from './zeek-row.ts'

/** A message as one SMTP server took it from another: envelope, main headers and the server's last answer. */
export function readSmtp(row: ZeekRow, when: When): RecordItem[] {
  const text = (name: string): string | undefined => present(row.text(name))
  const recipients = new Map<string, MailRecipient>()
  const add = (written: readonly string[], role: MailRecipient['role']): void => {
    for (const address of parseAddressList(written.join(', '))) {
      if (!recipients.has(address.address)) recipients.set(address.address, { ...address, role })
    }
  }
  add(row.list('to'), 'to')
  add(row.list('cc'), 'cc')
  add(row.list('rcptto'), 'envelope')
  const reply = text('last_reply')
  const isTaken = reply === undefined || /^2\d\d\b/.test(reply)
  const date = text('date')
  const returnPath = toAddressKey(text('mailfrom') ?? '')
  const sourceIp = toIp(text('id.orig_h'))
  const sourceDomain = text('helo')?.toLowerCase()
  const inReplyTo = parseMessageIds(text('in_reply_to') ?? '')[0]
  const from = parseAddressList(text('from') ?? text('mailfrom') ?? '')[0] ?? null
  const headers: MailHeader[] = (
    [
      ['X-Originating-IP', text('x_originating_ip')],
      ['User-Agent', text('user_agent')],
    ] as const
  ).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]))
  return [
    {
      type: 'message',
      messageId: toMessageId(text('msg_id')),
      subject: text('subject') ?? '',
      from,
      replyTo: parseAddressList(text('reply_to') ?? ''),
      ...(returnPath === undefined ? {} : { returnPath }),
      recipients: [...recipients.values()],
      sentAt: (date === undefined ? undefined : parseMailDate(date, 'UTC')?.at) ?? (isTaken ? null : when.at),
      deliveredAt: isTaken ? when.at : null,
      ...(sourceIp === undefined ? {} : { sourceIp }),
      ...(sourceDomain === undefined ? {} : { sourceDomain }),
      headers,
      authentication: {},
      urls: [],
      attachments: [],
      ...(reply === undefined ? {} : { recordedAction: isTaken ? 'accepted' : 'rejected' }),
      ...(inReplyTo === undefined ? {} : { inReplyTo }),
      references: [],
    },
  ]
}
