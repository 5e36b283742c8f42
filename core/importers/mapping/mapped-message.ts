import type { MailAttachment, MailRecipient, MailUrl, MessageItem } from '../../model/message.ts'
import { refang } from '../../normalise/defang.ts'
import { toHash } from '../../normalise/hash.ts'
import { parseAddressList, toMessageId } from '../../normalise/mail.ts'
import { present } from '../../normalise/placeholder.ts'
import { unwrapUrl } from '../../normalise/url-unwrap.ts'
import type { TextOf } from './mapped-row.ts'

/** A row can list thousands of addresses of links; real mail has fewer. */
const MAX_URLS = 1_000

/** The message copy one row means. Lists of recipients, links and attachments may be joined by `;`, `,`, `|` or blanks. */
export function toMappedMessage(text: TextOf, at: number | null): MessageItem {
  const value = (target: string): string | undefined => present(text(target))
  const uniqueId = value('message.networkId')
  const action = value('message.action') ?? value('message.verdict')
  return {
    type: 'message',
    messageId: toMessageId(value('message.id')),
    ...(uniqueId === undefined ? {} : { uniqueId }),
    subject: value('message.subject') ?? '',
    from: parseAddressList(value('message.from') ?? '')[0] ?? null,
    replyTo: parseAddressList(value('message.replyTo') ?? ''),
    recipients: recipients(value('message.to')),
    sentAt: null,
    deliveredAt: at,
    headers: [],
    authentication: {},
    urls: urls([value('message.url'), value('message.urls')]),
    attachments: attachments(value('message.attachmentName'), value('message.attachmentSha256')),
    ...(action === undefined ? {} : { recordedAction: action.toLowerCase() }),
    references: [],
  }
}

function recipients(text: string | undefined): MailRecipient[] {
  return parseAddressList((text ?? '').replace(/[;|]/g, ',')).map((address) => ({ ...address, role: 'to' }))
}

function urls(texts: readonly (string | undefined)[]): MailUrl[] {
  const found = new Map<string, MailUrl>()
  for (const text of texts) {
    for (const part of refang(text ?? '').split(/[\s|;]+|,(?=\s*h[tx]{2}ps?:)|["'[\]]+/)) {
      const written = part.trim().replace(/,$/, '')
      if (!/^(?:https?|ftp):\/\//i.test(written) || found.size >= MAX_URLS) continue
      const unwrapped = unwrapUrl(written)
      const url = unwrapped ?? written
      found.set(url, { url, ...(unwrapped === undefined ? {} : { rewritten: written }), where: 'body' })
    }
  }
  return [...found.values()]
}

function attachments(names: string | undefined, hashes: string | undefined): MailAttachment[] {
  const split = (text: string | undefined) => (text ?? '').split(/\s*[;|]\s*/).filter((part) => part !== '')
  const all = split(hashes)
  const named = split(names)
  return Array.from({ length: Math.min(Math.max(named.length, all.length), 200) }, (_, place) => {
    const hash = toHash(all[place])
    return { name: named[place] ?? '', ...(hash?.kind === 'sha256' ? { sha256: hash.hash } : {}) }
  })
}
