import type { MessageDetail } from '../contract/nouns/mail.ts'
import { WorkbenchError } from '../model/errors.ts'
import { parseUrl } from '../normalise/url.ts'
import { MessageHistory } from '../reputation/message-history.ts'
import { ratingsFor } from '../reputation/url-ratings.ts'
import { citePack } from '../reputation/packs-stored.ts'
import { RecipientTracer } from '../reputation/recipient-trace.ts'
import { RawReader } from '../store/raw.ts'
import type { ReadStore } from '../store/store.ts'
import { toIsoOrNull } from '../store/time.ts'
import { readHeaderFindings } from './header-findings.ts'
import { readMessageRows } from './message-rows.ts'

const copies = `SELECT id, evidence_id, record, from_address, from_name, reply_to, return_path, source_ip, source_domain, spf, dkim, dmarc, headers, body,
  delivered_at, sent_at FROM message WHERE entity_id = ? ORDER BY id`
const links = `SELECT l.url_id, u.entity_id, u.url, u.host, l.rewritten, l.label, l.place, a.name AS attachment
  FROM message_url l JOIN url u ON u.id = l.url_id
  LEFT JOIN attachment a ON a.message = l.message AND a.position = l.attachment WHERE l.message = ? ORDER BY l.position`
const files = `SELECT id, entity_id, name, content_type, bytes, sha256, sha1 FROM attachment WHERE message = ? ORDER BY position`

interface CopyRow {
  id: number
  evidence_id: number
  record: number
  from_address: string | null
  from_name: string | null
  reply_to: string
  return_path: string | null
  source_ip: string | null
  source_domain: string | null
  spf: string | null
  dkim: string | null
  dmarc: string | null
  headers: string
  body: string | null
  delivered_at: number | null
  sent_at: number | null
}
interface LinkRow {
  url_id: number
  entity_id: number | null
  url: string
  host: string
  rewritten: string | null
  label: string | null
  place: string
  attachment: string | null
}
interface FileRow {
  id: number
  entity_id: number | null
  name: string
  content_type: string | null
  bytes: number | null
  sha256: string | null
  sha1: string | null
}

/** The first copy that states a value: exports of mail systems lack what the message itself holds, and the other way round. */
const firstOf = <T>(rows: readonly CopyRow[], of: (row: CopyRow) => T | null): T | null =>
  rows.map(of).find((value) => value !== null) ?? null

const earliest = (rows: readonly CopyRow[], of: (row: CopyRow) => number | null): number | null =>
  rows.map(of).reduce((a, b) => (a === null ? b : b === null ? a : Math.min(a, b)), null)

/**
 * Everything about one logical message: its copies joined, links rated then and now, attachments, and what happened at each
 * recipient.
 * @throws WorkbenchError `request.not_found`
 */
export function getMessage(db: ReadStore, now: number, id: number): MessageDetail {
  const [row] = readMessageRows(db, now, [id])
  if (row === undefined) throw new WorkbenchError('request.not_found', { what: `message ${id}` })
  const rows = db.prepare(copies).all(id) as CopyRow[]
  const withHeaders = rows.reduce<{ name: string; value: string }[]>((longest, copy) => {
    const headers = JSON.parse(copy.headers) as { name: string; value: string }[]
    return headers.length > longest.length ? headers : longest
  }, [])
  const sender = rows.find((copy) => copy.from_address !== null)
  const from = sender && { address: sender.from_address ?? '', name: sender.from_name ?? '' }
  const replyTo = rows.flatMap((copy) => JSON.parse(copy.reply_to) as string[])
  const raw = new RawReader(db)
  return {
    ...row,
    ...readHeaderFindings(db, withHeaders, from ?? null),
    replyTo: [...new Set(replyTo)],
    returnPath: firstOf(rows, (copy) => copy.return_path),
    sourceIp: firstOf(rows, (copy) => copy.source_ip),
    sourceDomain: firstOf(rows, (copy) => copy.source_domain),
    authentication: {
      spf: firstOf(rows, (copy) => copy.spf),
      dkim: firstOf(rows, (copy) => copy.dkim),
      dmarc: firstOf(rows, (copy) => copy.dmarc),
    },
    headers: withHeaders,
    body: firstOf(rows, (copy) => (copy.body === '' ? null : copy.body)),
    urlList: readLinks(db, now, rows),
    attachmentList: readFiles(db, rows),
    recipients: new RecipientTracer(db, now)
      .trace(id)
      .filter(({ isRecipient }) => isRecipient)
      .map((recipient) => ({
        mailbox: recipient.mailbox,
        address: recipient.address,
        user: recipient.user,
        deliveredAt: toIsoOrNull(recipient.deliveredAt),
        clickedAt: toIsoOrNull(recipient.clickedAt),
        executedAt: toIsoOrNull(recipient.executedAt),
        perhaps: [...recipient.perhaps],
        endpoint: recipient.endpoint,
        loggedOnAt: toIsoOrNull(recipient.loggedOnAt),
        recordedAction: recipient.recordedAction,
      })),
    history: new MessageHistory(db, now)
      .of(id)
      .map(({ mailbox, state, steps }) => ({ mailbox, state, steps })),
    sources: rows.map((copy) => ({
      evidenceId: String(copy.evidence_id),
      record: copy.record,
      locator: raw.find(copy.evidence_id, copy.record)?.locator ?? '',
    })),
  }
}

function readLinks(db: ReadStore, now: number, copiesOf: readonly CopyRow[]): MessageDetail['urlList'] {
  const find = db.prepare(links)
  const found = new Map<string, LinkRow>()
  for (const copy of copiesOf) {
    for (const link of find.all(copy.id) as LinkRow[]) {
      const key = `${link.url_id}|${link.place}|${link.attachment ?? ''}`
      const before = found.get(key)
      if (before === undefined) found.set(key, link)
      else
        found.set(key, {
          ...before,
          label: before.label ?? link.label,
          rewritten: before.rewritten ?? link.rewritten,
        })
    }
  }
  const list = [...found.values()]
  const ratings = ratingsFor(
    db,
    list.map((link) => link.host),
    now,
  )
  const at = earliest(copiesOf, (copy) => copy.delivered_at) ?? earliest(copiesOf, (copy) => copy.sent_at)
  return list.map((link) => {
    const normal = parseUrl(link.url)
    const { entry } = ratings.now(normal)
    const pack = entry === null ? undefined : ratings.shelf.packs[entry.pack]
    return {
      urlId: String(link.url_id),
      entityId: link.entity_id === null ? null : String(link.entity_id),
      url: link.url,
      rewritten: link.rewritten,
      text: link.label,
      where: link.place === 'attachment' ? ('attachment' as const) : ('body' as const),
      attachment: link.attachment,
      risk: ratings.risk(normal, at),
      pack: pack === undefined ? null : citePack(pack),
      entry: entry?.text ?? null,
    }
  })
}

function readFiles(db: ReadStore, copiesOf: readonly CopyRow[]): MessageDetail['attachmentList'] {
  const find = db.prepare(files)
  const found = new Map<string, FileRow>()
  for (const copy of copiesOf) {
    for (const file of find.all(copy.id) as FileRow[]) {
      const key = `${file.name}|${file.sha256 ?? file.sha1 ?? ''}`
      if (!found.has(key)) found.set(key, file)
    }
  }
  return [...found.values()].map((file) => ({
    entityId: file.entity_id === null ? null : String(file.entity_id),
    name: file.name,
    contentType: file.content_type,
    bytes: file.bytes,
    sha256: file.sha256,
    sha1: file.sha1,
  }))
}
