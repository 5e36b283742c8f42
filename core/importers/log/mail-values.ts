import type { MessageItem } from '../../model/message.ts'
import { toGuid } from '../../normalise/guid.ts'
import { present } from '../../normalise/placeholder.ts'

/** A network message id: a GUID, which some exports write without dashes; other ids stay as written. */
export function toNetworkMessageId(text: string | undefined): string | undefined {
  const written = present(text)
  if (written === undefined) return undefined
  const dashed = written.replace(
    /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/i,
    '$1-$2-$3-$4-$5',
  )
  return toGuid(dashed) ?? (/^[{0-]*[}]?$/.test(written) ? undefined : written)
}

/** A message of which only the facts a log has are known. */
export function sparseMessage(
  facts: Pick<MessageItem, 'messageId' | 'subject' | 'from' | 'recipients' | 'sentAt' | 'deliveredAt'> &
    Partial<MessageItem>,
): MessageItem {
  return {
    type: 'message',
    replyTo: [],
    headers: [],
    authentication: {},
    urls: [],
    attachments: [],
    references: [],
    ...facts,
  }
}
