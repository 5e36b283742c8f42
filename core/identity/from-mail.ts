import type { ReadStore } from '../store/store.ts'
import { listDelegated } from './delegates.ts'
import type { BookEntity, EntityBook, Proof } from './entity-book.ts'
import { FIRST_RECORD, toProof } from './first-record.ts'
import { addressOf, GroupMembers, groupOf } from './group-members.ts'

/** Row ids of mail tables -> entity. */
export interface MailNames {
  readonly messages: Map<number, BookEntity>
  readonly urls: Map<number, BookEntity>
  readonly attachments: Map<number, BookEntity>
}

/** Rows that name the message come first: tables of links and attachments only know its network id. */
const messages = `SELECT id, evidence_id, record, message_id, subject, from_address, mailbox, sent_at, delivered_at, unique_id FROM message ORDER BY message_id IS NULL, id`
const recipients = `SELECT r.address, m.evidence_id, min(m.record) AS record FROM message_recipient r JOIN message m ON m.id = r.message GROUP BY r.address, m.evidence_id ORDER BY m.evidence_id, record, r.address`
const attachments = `SELECT a.id, a.message, a.name, a.sha256, a.sha1, a.md5, a.bytes, m.evidence_id, m.record FROM attachment a JOIN message m ON m.id = a.message ORDER BY a.id`
const urls = `SELECT u.id, u.url, u.host, ${FIRST_RECORD} AS proof FROM url u JOIN message_url l ON l.url_id = u.id JOIN message m ON m.id = l.message GROUP BY u.id`

/** Mailboxes, messages (all copies of one Message-ID from one sender), attachments and URLs. */
export function addMailEntities(db: ReadStore, book: EntityBook, names: MailNames): void {
  const groups: Groups = { members: undefined, done: new Set() }
  for (const row of db.prepare(recipients).iterate() as IterableIterator<{
    address: string
    evidence_id: number
    record: number
  }>) {
    const proof = { evidenceId: row.evidence_id, record: row.record }
    mailboxOf(book, row.address, proof)
    const group = groupOf(book, row.address)
    if (group) addMembers(db, book, group, proof, groups)
  }
  for (const row of db.prepare(messages).iterate() as IterableIterator<MessageRow>) {
    const proof = { evidenceId: row.evidence_id, record: row.record }
    if (row.mailbox !== null) mailboxOf(book, row.mailbox, proof)
    if (row.from_address !== null) mailboxOf(book, row.from_address, proof)
    // A Message-ID is not unique by itself: forgers reuse it. Sender and id together name the message.
    const key =
      row.message_id !== null
        ? `message:${row.message_id}|${row.from_address ?? ''}`
        : row.unique_id !== null
          ? `message:copy:${row.unique_id}`
          : `message:${row.evidence_id}:${row.record}`
    const whole =
      row.message_id === null && row.unique_id !== null
        ? book.find('message', 'network-message-id', row.unique_id)
        : undefined
    const name = row.subject === '' ? (row.message_id ?? row.unique_id ?? '') : row.subject
    const entity = whole ?? book.ensure('message', key, name)
    if (row.message_id !== null)
      book.addAlias(entity, 'message-id', row.message_id, proof, 0.98, 'message_id')
    if (row.unique_id !== null)
      book.addAlias(entity, 'network-message-id', row.unique_id, proof, 0.98, 'message_copy')
    if (row.from_address !== null) entity.attributes['from'] = row.from_address
    book.see(entity, row.sent_at)
    book.see(entity, row.delivered_at)
    names.messages.set(row.id, entity)
  }
  addDelegated(db, book)
  for (const row of db.prepare(attachments).iterate() as IterableIterator<AttachmentRow>) {
    const hash = row.sha256 ?? row.sha1
    const key =
      hash === null
        ? `attachment:${names.messages.get(row.message)?.key ?? row.message}|${row.name.toLowerCase()}`
        : `attachment:${hash}`
    const entity = book.ensure('attachment', key, row.name)
    const proof = { evidenceId: row.evidence_id, record: row.record }
    book.addAlias(entity, 'name', row.name, proof, 0.6, 'attachment_name')
    if (row.sha256 !== null) book.addAlias(entity, 'sha256', row.sha256, proof, 0.99, 'attachment_hash')
    if (row.sha1 !== null) book.addAlias(entity, 'sha1', row.sha1, proof, 0.99, 'attachment_hash')
    if (row.md5 !== null) book.addAlias(entity, 'md5', row.md5, proof, 0.95, 'attachment_hash')
    if (row.bytes !== null) entity.attributes['bytes'] = row.bytes
    names.attachments.set(row.id, entity)
  }
  for (const row of db.prepare(urls).iterate() as IterableIterator<{
    id: number
    url: string
    host: string
    proof: number
  }>) {
    const entity = book.ensure('url', `url:${row.url}`, row.url)
    book.addAlias(entity, 'url', row.url, toProof(row.proof), 0.99, 'message_url')
    entity.attributes['host'] = row.host
    names.urls.set(row.id, entity)
  }
}

interface Groups {
  members: GroupMembers | undefined
  readonly done: Set<BookEntity>
}

/** Mail to a group is mail to its members: they have mailboxes, also when nothing else names them. */
function addMembers(db: ReadStore, book: EntityBook, group: BookEntity, proof: Proof, groups: Groups): void {
  if (groups.done.has(group)) return
  groups.done.add(group)
  groups.members ??= new GroupMembers(db, book)
  for (const user of groups.members.ever(group)) {
    const address = addressOf(user)
    if (address === undefined) continue
    const stated = user.aliases.get(`smtp|${address.toLowerCase()}`)?.proof
    mailboxOf(book, address, stated ?? proof)
  }
}

/** A mailbox with delegates is there when the directory states its address; one that nobody logs on to has no owner. */
function addDelegated(db: ReadStore, book: EntityBook): void {
  for (const { user, proof, isShared } of listDelegated(db, book)) {
    const address = user.attributes['mail']
    const mailbox =
      typeof address === 'string'
        ? mailboxOf(book, address, user.aliases.get(`smtp|${address}`)?.proof ?? proof)
        : undefined
    if (mailbox && isShared) mailbox.attributes['isShared'] = true
  }
}

interface MessageRow {
  id: number
  evidence_id: number
  record: number
  message_id: string | null
  subject: string
  from_address: string | null
  mailbox: string | null
  sent_at: number | null
  delivered_at: number | null
  unique_id: string | null
}
interface AttachmentRow {
  id: number
  message: number
  name: string
  sha256: string | null
  sha1: string | null
  md5: string | null
  bytes: number | null
  evidence_id: number
  record: number
}

/** One mailbox per directory user (all its addresses), else one per address. */
function mailboxOf(
  book: EntityBook,
  address: string,
  proof: { evidenceId: number; record: number },
): BookEntity {
  const owner = book.find('user', 'smtp', address) ?? book.find('user', 'upn', address)
  const primary =
    typeof owner?.attributes['mail'] === 'string' ? owner.attributes['mail'] : address.toLowerCase()
  const key = book.mailboxes.get(address.toLowerCase()) ?? `mailbox:${owner?.firstMail ?? primary}`
  book.mailboxes.set(address.toLowerCase(), key)
  const entity = book.ensure('mailbox', key, primary)
  book.addAlias(entity, 'smtp', address, proof, 0.95, 'mail_address')
  if (owner) entity.attributes['hasOwner'] = true
  return entity
}
