import type { EventItem } from '../model/event.ts'
import type { MessageItem } from '../model/message.ts'

/** The timeline event of a message copy: delivered to a mailbox when that is known, else sent. */
export function mailEvent(message: MessageItem): EventItem {
  const to = message.recipients.map((recipient) => recipient.address).join(', ')
  const delivered = message.mailbox !== undefined || message.deliveredAt !== null
  return {
    type: 'event',
    kind: delivered ? 'mail-delivered' : 'mail-sent',
    at: message.deliveredAt ?? message.sentAt,
    fields: {
      account: delivered ? message.mailbox : message.from?.address,
      messageId: message.messageId ?? undefined,
      sender: message.from?.address,
      recipient: to === '' ? undefined : to,
      subject: message.subject === '' ? undefined : message.subject,
      sourceIp: message.sourceIp,
      sourceHost: message.sourceDomain,
      action: message.recordedAction,
      url: message.urls[0]?.url,
    },
  }
}
