import type { ReadStore } from '../store/store.ts'
import type { BookEntity, EntityBook, Proof } from './entity-book.ts'

const mailboxes = `SELECT from_ref AS ref, evidence_id AS evidenceId, min(record) AS record FROM directory_edge
  WHERE relation = 'shared-with' GROUP BY from_ref, evidence_id ORDER BY evidence_id, record, from_ref`
const nobodys = `SELECT object_id AS ref, evidence_id AS evidenceId, record FROM directory_object
  WHERE kind = 'user' AND json_extract(item, '$.isSharedMailbox') = 1 ORDER BY evidence_id, record`
const loggedOn = `SELECT object_id, sid FROM directory_object WHERE kind = 'user' AND json_extract(item, '$.lastLogonAt') IS NOT NULL`

/** A mailbox of which the directory names delegates: its account, and where that is stated. */
export interface DelegatedAccount {
  readonly user: BookEntity
  readonly proof: Proof
  /**
   * Exchange says so, or nobody can log on with the account, and neither the directory nor an event knows of a logon: the mailbox is not one
   * person's. An account that was switched off after it had been used still is.
   */
  readonly isShared: boolean
}

type Lookup = Pick<EntityBook, 'find'>

/** The account an edge of a directory names: by SID, object id, GUID or distinguished name. */
export function findByRef(book: Lookup, kind: 'user' | 'group', ref: string): BookEntity | undefined {
  for (const alias of ['sid', 'object-id', 'guid', 'dn'] as const) {
    const found = book.find(kind, alias, ref)
    if (found) return found
  }
  return findByName(book, kind, ref)
}

/** As the shells of Exchange write names: `CORP\amber`, an address, `corp.example/Users/Info desk`, or a bare name. */
function findByName(book: Lookup, kind: 'user' | 'group', ref: string): BookEntity | undefined {
  if (ref.includes('=')) return undefined
  if (ref.includes('@'))
    return book.find(kind, 'upn', ref) ?? book.find(kind, 'smtp', ref) ?? book.find(kind, 'account', ref)
  if (ref.includes('\\')) return book.find(kind, 'account', ref)
  return book.find(kind, 'name', ref.split('/').at(-1) ?? ref)
}

/** Accounts of mailboxes with delegates. Asks nothing more of the case when there are none. */
export function listDelegated(db: ReadStore, book: EntityBook): DelegatedAccount[] {
  const rows = db.prepare(mailboxes).all() as { ref: string; evidenceId: number; record: number }[]
  const stated = db.prepare(nobodys).all() as typeof rows
  if (rows.length === 0 && stated.length === 0) return []
  const used = new Set<string>()
  for (const row of db.prepare(loggedOn).iterate() as IterableIterator<{
    object_id: string
    sid: string | null
  }>) {
    used.add(row.object_id.toLowerCase())
    if (row.sid !== null) used.add(row.sid.toLowerCase())
  }
  const found = new Map<BookEntity, DelegatedAccount>()
  for (const { ref, evidenceId, record } of stated) {
    const user = findByRef(book, 'user', ref)
    if (user && !found.has(user)) found.set(user, { user, proof: { evidenceId, record }, isShared: true })
  }
  for (const { ref, evidenceId, record } of rows) {
    const user = findByRef(book, 'user', ref)
    if (!user || found.has(user)) continue
    const isUsed =
      user.first !== null ||
      [...user.aliases.values()].some(({ kind, value }) => ID.has(kind) && used.has(value.toLowerCase()))
    const isShared = user.attributes['enabled'] === false && !isUsed
    found.set(user, { user, proof: { evidenceId, record }, isShared })
  }
  return [...found.values()]
}
const ID: ReadonlySet<string> = new Set(['sid', 'object-id'])
