import type { ReadStore } from '../store/store.ts'
import { listDelegated } from './delegates.ts'
import type { BookEntity, EntityBook, Proof } from './entity-book.ts'
import { addressOf, GroupMembers, groupOf } from './group-members.ts'

const recipients = `SELECT r.address, m.evidence_id, m.record FROM message_recipient r CROSS JOIN message m ON m.id = r.message ORDER BY r.address`
/** Rows that name the message come first: tables of links and attachments only know its network id. */
const senders = ['NOT NULL', 'NULL'].map(
  (named) =>
    `SELECT evidence_id, record, from_address, mailbox FROM message WHERE message_id IS ${named} ORDER BY id`,
)

/** Mailboxes of recipients and senders. Messages, attachments and URLs are entities of their own: see mail-entities.ts. */
export function addMailboxes(db: ReadStore, book: EntityBook): void {
  const groups: Groups = { members: undefined, done: new Set() }
  for (const { address, evidenceId, record } of listRecipients(db)) {
    const proof = { evidenceId, record }
    mailboxOf(book, address, proof)
    const group = groupOf(book, address)
    if (group) addMembers(db, book, group, proof, groups)
  }
  for (const sql of senders)
    for (const row of db.prepare(sql).iterate() as IterableIterator<MessageRow>) {
      const proof = { evidenceId: row.evidence_id, record: row.record }
      if (row.mailbox !== null) mailboxOf(book, row.mailbox, proof)
      if (row.from_address !== null) mailboxOf(book, row.from_address, proof)
    }
  addDelegated(db, book)
}

/** Addresses that got mail, with the first record of each evidence item that names them, in the order of these. */
function listRecipients(db: ReadStore): { address: string; evidenceId: number; record: number }[] {
  const found: { address: string; evidenceId: number; record: number }[] = []
  // The index gives one address after the other; only the lists of the current one are held.
  let current = ''
  let first = new Map<number, number>()
  const close = (): void => {
    for (const [evidenceId, record] of first) found.push({ address: current, evidenceId, record })
    first = new Map()
  }
  for (const row of db.prepare(recipients).iterate() as IterableIterator<{
    address: string
    evidence_id: number
    record: number
  }>) {
    if (row.address !== current) close()
    current = row.address
    first.set(row.evidence_id, Math.min(row.record, first.get(row.evidence_id) ?? Infinity))
  }
  close()
  return found.sort(
    (a, b) => a.evidenceId - b.evidenceId || a.record - b.record || (a.address < b.address ? -1 : 1),
  )
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
  evidence_id: number
  record: number
  from_address: string | null
  mailbox: string | null
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
