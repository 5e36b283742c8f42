import type { MessageItem } from '../model/message.ts'
import { urlKey } from './url-key.ts'
import type { WriteStore } from './store.ts'

const insertMessage = `INSERT INTO message (evidence_id, record, event_id, message_id, unique_id, subject, from_address,
  from_name, reply_to, return_path, mailbox, sent_at, delivered_at, source_ip, source_domain, spf, dkim, dmarc, headers,
  body, recorded_action, in_reply_to, reference_ids)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
const insertRecipient = `INSERT INTO message_recipient (message, address, name, role) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`
const insertAttachment = `INSERT INTO attachment (message, position, name, content_type, bytes, sha256, sha1, md5) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
const findUrl = 'SELECT id FROM url WHERE url = ?'
const insertUrl = 'INSERT INTO url (url, host, key) VALUES (?, ?, ?)'
const insertMessageUrl = `INSERT INTO message_url (message, position, url_id, original, rewritten, place, label, attachment) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`

/** Writes one message copy with its recipients, attachments and URLs. */
export class MessageWriter {
  readonly #statements
  constructor(db: WriteStore) {
    this.#statements = {
      message: db.prepare(insertMessage),
      recipient: db.prepare(insertRecipient),
      attachment: db.prepare(insertAttachment),
      findUrl: db.prepare(findUrl).pluck(),
      url: db.prepare(insertUrl),
      messageUrl: db.prepare(insertMessageUrl),
    }
  }
  /** @param eventId the timeline event made for this copy */
  add(evidenceId: number, record: number, eventId: number, item: MessageItem): number {
    const run = this.#statements
    const id = Number(
      run.message.run(
        evidenceId,
        record,
        eventId,
        item.messageId,
        item.uniqueId ?? null,
        item.subject,
        item.from?.address ?? null,
        item.from?.name ?? null,
        JSON.stringify(item.replyTo.map((address) => address.address)),
        item.returnPath ?? null,
        item.mailbox?.toLowerCase() ?? null,
        item.sentAt,
        item.deliveredAt,
        item.sourceIp ?? null,
        item.sourceDomain ?? null,
        item.authentication.spf ?? null,
        item.authentication.dkim ?? null,
        item.authentication.dmarc ?? null,
        JSON.stringify(item.headers),
        item.bodyText ?? null,
        item.recordedAction ?? null,
        item.inReplyTo ?? null,
        JSON.stringify(item.references),
      ).lastInsertRowid,
    )
    for (const recipient of item.recipients) {
      run.recipient.run(id, recipient.address.toLowerCase(), recipient.name ?? null, recipient.role)
    }
    for (const [position, file] of item.attachments.entries()) {
      run.attachment.run(
        id,
        position,
        file.name,
        file.contentType ?? null,
        file.bytes ?? null,
        file.sha256 ?? null,
        file.sha1 ?? null,
        file.md5 ?? null,
      )
    }
    for (const [position, link] of item.urls.entries()) {
      const { url, host, key } = urlKey(link.url)
      const known = run.findUrl.get(url) as number | undefined
      const urlId = known ?? Number(run.url.run(url, host, key).lastInsertRowid)
      run.messageUrl.run(
        id,
        position,
        urlId,
        link.url,
        link.rewritten ?? null,
        link.where,
        link.text ?? null,
        link.attachment ?? null,
      )
    }
    return id
  }
}
