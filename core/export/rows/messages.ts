import type { ReadStore } from '../../store/store.ts'
import type { ExportSource } from '../exporter.ts'
import { inPages, PAGE } from './pages.ts'

/** A stored copy of a message with what hangs on it; body and headers stay in the case. */
export interface ExportMessage {
  readonly id: number
  readonly entityId: number | null
  readonly evidenceId: number
  readonly record: number
  readonly messageId: string | null
  readonly uniqueId: string | null
  readonly subject: string
  readonly fromAddress: string | null
  readonly fromName: string | null
  readonly returnPath: string | null
  readonly mailbox: string | null
  readonly sentAt: number | null
  readonly deliveredAt: number | null
  readonly sourceIp: string | null
  readonly spf: string | null
  readonly dkim: string | null
  readonly dmarc: string | null
  readonly recordedAction: string | null
  readonly recipients: readonly { readonly address: string; readonly role: string }[]
  readonly urls: readonly string[]
  readonly attachments: readonly {
    readonly name: string
    readonly bytes: number | null
    readonly sha256: string | null
    readonly md5: string | null
  }[]
}

/** A newsletter links to thousands of pages; a hostile message to more. The message itself keeps them all. */
const MAX_PARTS = 1000

const inSpan = `(@whole = 1 OR (coalesce(delivered_at, sent_at) >= @from AND coalesce(delivered_at, sent_at) < @to))`
const messages = `SELECT id, entity_id, evidence_id, record, message_id, unique_id, subject, from_address, from_name, return_path,
  mailbox, sent_at, delivered_at, source_ip, spf, dkim, dmarc, recorded_action FROM message
  WHERE id > @after AND ${inSpan} ORDER BY id LIMIT ${PAGE}`
const recipients = `SELECT address, role FROM message_recipient WHERE message = ? ORDER BY role, address LIMIT ${MAX_PARTS}`
const urls = `SELECT DISTINCT u.url FROM message_url m JOIN url u ON u.id = m.url_id WHERE m.message = ? ORDER BY u.url LIMIT ${MAX_PARTS}`
const attachments = `SELECT name, bytes, sha256, md5 FROM attachment WHERE message = ? ORDER BY position LIMIT ${MAX_PARTS}`
const countSql = `SELECT count(*) FROM message WHERE ${inSpan}`

const spanOf = ({ from, to }: Pick<ExportSource, 'from' | 'to'>) => ({
  from: from ?? Number.MIN_SAFE_INTEGER,
  to: to ?? Number.MAX_SAFE_INTEGER,
  whole: from === null && to === null ? 1 : 0,
})

export const countMessages = (db: ReadStore, span: Pick<ExportSource, 'from' | 'to'>): number =>
  db.prepare(countSql).pluck().get(spanOf(span)) as number

interface StoredMessage {
  readonly id: number
  readonly entity_id: number | null
  readonly evidence_id: number
  readonly record: number
  readonly message_id: string | null
  readonly unique_id: string | null
  readonly subject: string
  readonly from_address: string | null
  readonly from_name: string | null
  readonly return_path: string | null
  readonly mailbox: string | null
  readonly sent_at: number | null
  readonly delivered_at: number | null
  readonly source_ip: string | null
  readonly spf: string | null
  readonly dkim: string | null
  readonly dmarc: string | null
  readonly recorded_action: string | null
}

/** Messages by id; within a span those delivered (or sent) in it. */
export async function* messagePages(source: ExportSource): AsyncGenerator<readonly ExportMessage[]> {
  const { db } = source
  const [read, readRecipients, readAttachments] = [messages, recipients, attachments].map((sql) =>
    db.prepare(sql),
  ) as [ReturnType<ReadStore['prepare']>, ReturnType<ReadStore['prepare']>, ReturnType<ReadStore['prepare']>]
  const readUrls = db.prepare(urls).pluck()
  const span = spanOf(source)
  for await (const page of inPages<StoredMessage>(
    source.signal,
    (last) => read.all({ ...span, after: last?.id ?? -1 }) as StoredMessage[],
  )) {
    source.count('messages', page.length)
    yield page.map((row) => ({
      id: row.id,
      entityId: row.entity_id,
      evidenceId: row.evidence_id,
      record: row.record,
      messageId: row.message_id,
      uniqueId: row.unique_id,
      subject: row.subject,
      fromAddress: row.from_address,
      fromName: row.from_name,
      returnPath: row.return_path,
      mailbox: row.mailbox,
      sentAt: row.sent_at,
      deliveredAt: row.delivered_at,
      sourceIp: row.source_ip,
      spf: row.spf,
      dkim: row.dkim,
      dmarc: row.dmarc,
      recordedAction: row.recorded_action,
      recipients: readRecipients.all(row.id) as ExportMessage['recipients'],
      urls: readUrls.all(row.id) as string[],
      attachments: readAttachments.all(row.id) as ExportMessage['attachments'],
    }))
  }
}
