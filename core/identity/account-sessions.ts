import { kindNumber } from '../store/event-columns.ts'
import type { ReadStore } from '../store/store.ts'
import type { BookEntity } from './entity-book.ts'
import { textReader } from './event-slices.ts'

/** Records of one logon from two logs, and the order within a second (microseconds). */
const SAME_MOMENT_US = 3_000_000

/** By the index of hosts: an account that was used on thousands of them would be read whole for each. */
const unnamed = `SELECT id, at, logon_id AS session FROM event
  WHERE +account = @account AND host = @host AND account_sid IS NULL`
const logons = `SELECT at, target_logon_id AS session, account_sid AS sid FROM event
  WHERE host = @host AND kind = @logon AND account_sid IS NOT NULL AND at IS NOT NULL
    AND target_logon_id IN (SELECT value FROM json_each(@sessions)) ORDER BY at`

/** An event whose session says whose it is. */
export interface OwnedEvent {
  readonly id: number
  readonly at: number | null
}

/** What the logon sessions of a host say about records that give an account's name alone. */
export interface SessionOwners {
  /** Events of each account. */
  readonly events: ReadonlyMap<BookEntity, readonly OwnedEvent[]>
  /** No event is left of which the session says nothing. */
  readonly isAll: boolean
}

/**
 * Tells accounts apart that had one name in turn (deleted and made again, renamed and the name given away): a record without a SID
 * carries the id of its logon session, and the logon that opened it on that host names the SID.
 * @param name string ids of account and host
 * @param holders accounts of the name
 */
export function ownersBySession(
  db: ReadStore,
  name: { readonly account: number; readonly host: number },
  holders: readonly BookEntity[],
): SessionOwners {
  const rows = db.prepare(unnamed).all({ ...name }) as {
    id: number
    at: number | null
    session: number | null
  }[]
  const sessions = JSON.stringify([...new Set(rows.flatMap(({ session }) => session ?? []))])
  const text = textReader(db)
  const opened = new Map<number, { readonly at: number; readonly owner: BookEntity | undefined }[]>()
  const params = { host: name.host, logon: kindNumber('logon'), sessions }
  for (const logon of db.prepare(logons).iterate(params) as IterableIterator<{
    at: number
    session: number
    sid: number
  }>) {
    const sid = text(logon.sid)?.toLowerCase()
    const owner = holders.find((holder) => holder.aliases.has(`sid|${sid}`))
    const list = opened.get(logon.session)
    if (list === undefined) opened.set(logon.session, [{ at: logon.at, owner }])
    else list.push({ at: logon.at, owner })
  }
  const events = new Map<BookEntity, OwnedEvent[]>()
  let isAll = true
  for (const { id, at, session } of rows) {
    // The ids of sessions begin anew with every start of the machine: the last logon counts.
    const logon =
      at === null || session === null
        ? undefined
        : opened.get(session)?.findLast((one) => one.at <= at + SAME_MOMENT_US)
    if (logon?.owner === undefined) {
      isAll = false
      continue
    }
    const list = events.get(logon.owner)
    if (list === undefined) events.set(logon.owner, [{ id, at }])
    else list.push({ id, at })
  }
  return { events, isAll }
}
