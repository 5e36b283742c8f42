import type { ReadStore } from '../store/store.ts'
import { Column, partition } from './columns.ts'
import { SumNumbers, sumOf } from './text-sums.ts'

/** Links and files of a message that are gathered from its rows. Attack: one message with a hundred thousand rows of links. */
const MAX_PARTS = 256

/** Messages of several rows: what one of these leaves out, another may say. */
const several =
  'SELECT entity_id FROM message WHERE entity_id IS NOT NULL GROUP BY entity_id HAVING count(*) > 1'
const links = `SELECT m.entity_id, m.id, l.url_id FROM message m JOIN message_url l ON l.message = m.id
  WHERE m.entity_id IN (${several}) ORDER BY m.entity_id, m.id, l.position`
const files = `SELECT m.entity_id, m.id, a.entity_id, a.id FROM message m JOIN attachment a ON a.message = m.id
  WHERE m.entity_id IN (${several}) AND a.entity_id IS NOT NULL ORDER BY m.entity_id, m.id, a.position`
const texts = `SELECT entity_id, id, from_address, subject <> '', in_reply_to IS NOT NULL OR reference_ids <> '[]', message_id IS NOT NULL
  FROM message WHERE entity_id IN (${several}) ORDER BY entity_id, id`
const stopped = `SELECT m.entity_id, m.mailbox, m.recorded_action, r.address, r.role FROM message m LEFT JOIN message_recipient r ON r.message = m.id
  WHERE m.entity_id IN (${several}) AND m.delivered_at IS NULL AND m.recorded_action IS NOT NULL`

/** How many rows a message has. */
export type RowCount = (message: number) => number

/** A value that a row of a message states, with the row. */
export interface Stated {
  readonly value: number
  readonly row: number
}

/** Values by message, in the order of messages: twenty-four bytes for each. */
class ByMessage {
  readonly #message = new Column('number')
  readonly #value = new Column('number')
  readonly #row = new Column('number')

  /** To be called in the order of messages. */
  add(message: number, { value, row }: Stated): void {
    this.#message.push(message)
    this.#value.push(value)
    this.#row.push(row)
  }

  *of(message: number): Generator<Stated> {
    const first = partition(this.#message.length, (next) => this.#message.at(next) < message)
    for (let next = first; next < this.#message.length && this.#message.at(next) === message; next += 1)
      yield { value: this.#value.at(next), row: this.#row.at(next) }
  }
}

/** Whether the log says that it stopped a message: with a mailbox, only a quarantine kept it from one it was meant for. */
export const isStopped = (action: string | null, hasMailbox: boolean): boolean =>
  (hasMailbox ? HELD : STOPPED).test(action ?? '')
const STOPPED = /^(?:block|quarantin|reject|drop|delet|fail|bounce|discard)/i
const HELD = /^quarantin/i

/**
 * What the rows of one message say together, where one of them leaves out what another says: tables of mail products tell of the
 * recipients, the links and the attachments of a message in rows of their own. Of messages whose rows all say the same, nothing is
 * held.
 */
export class MessageWholes {
  /** Ids of `url`. */
  readonly #links = new ByMessage()
  /** Ids of `attachment`, one for each entity. */
  readonly #files = new ByMessage()
  readonly #names = new ByMessage()
  readonly #senders = new ByMessage()
  readonly #subjects = new ByMessage()
  readonly #threads = new ByMessage()
  /** Message and address that a log says it stopped the message for. */
  readonly #stopped = new SumNumbers()

  constructor(db: ReadStore, rowsOf: RowCount) {
    gather(db, links, this.#links, rowsOf)
    gather(db, files, this.#files, rowsOf)
    this.#readTexts(db)
    this.#readStopped(db)
  }

  linksOf(message: number): Iterable<Stated> {
    return this.#links.of(message)
  }
  filesOf(message: number): Iterable<Stated> {
    return this.#files.of(message)
  }
  /** The row with the Message-ID, where others have none. */
  nameOf(message: number): number | undefined {
    return firstRow(this.#names, message)
  }
  /** The row that names the sender, where others do not. */
  senderOf(message: number): number | undefined {
    return firstRow(this.#senders, message)
  }
  subjectOf(message: number): number | undefined {
    return firstRow(this.#subjects, message)
  }
  /** The row that says which messages it answers, where others do not. */
  threadOf(message: number): number | undefined {
    return firstRow(this.#threads, message)
  }
  isStoppedFor(message: number, address: string): boolean {
    return this.#stopped.find(sumOf(`${message}|${address}`)) !== undefined
  }

  #readTexts(db: ReadStore): void {
    const kinds = [this.#names, this.#senders, this.#subjects, this.#threads]
    let current = 0
    let best: (Donor | undefined)[] = []
    let areMissing = kinds.map(() => false)
    const close = (): void => {
      for (const [index, kind] of kinds.entries()) {
        const found = best[index]
        if (found && areMissing[index]) kind.add(current, { value: 0, row: found.row })
      }
    }
    for (const [message, row, from, hasSubject, hasThread, isNamed] of db
      .prepare(texts)
      .raw()
      .iterate() as IterableIterator<[number, number, string | null, number, number, number]>) {
      if (message !== current) {
        close()
        current = message
        best = []
        areMissing = kinds.map(() => false)
      }
      // The sender is part of what names a message: rows with a Message-ID agree on it.
      const rank = `${isNamed === 1 ? 0 : 1}${from ?? ''}`
      const said = [isNamed === 1, from !== null, hasSubject === 1, hasThread === 1]
      for (const [index, isSaid] of said.entries()) {
        const known = best[index]
        if (!isSaid) areMissing[index] = true
        else if (!known || rank < known.rank) best[index] = { row, rank }
      }
    }
    close()
  }

  #readStopped(db: ReadStore): void {
    for (const [message, mailbox, action, address, role] of db
      .prepare(stopped)
      .raw()
      .iterate() as IterableIterator<[number, string | null, string, string | null, string | null]>) {
      if (!isStopped(action, mailbox !== null)) continue
      // Who stands in To besides got a copy of their own, which may have arrived.
      const whom = mailbox ?? (role === 'envelope' ? address : null)
      if (whom !== null) this.#stopped.number(sumOf(`${message}|${whom}`))
    }
  }
}

interface Donor {
  readonly row: number
  readonly rank: string
}

function firstRow(kind: ByMessage, message: number): number | undefined {
  for (const { row } of kind.of(message)) return row
  return undefined
}

/** Distinct parts of each message whose rows do not all have the same ones. */
function gather(db: ReadStore, sql: string, into: ByMessage, rowsOf: RowCount): void {
  let current = 0
  const found = new Map<number, { first: Stated; last: number; rows: number }>()
  const close = (): void => {
    const rows = rowsOf(current)
    const parts = [...found.values()]
    if (parts.some((part) => part.rows < rows)) for (const { first } of parts) into.add(current, first)
    found.clear()
  }
  for (const [message, row, key, value = key] of db.prepare(sql).raw().iterate() as IterableIterator<
    [number, number, number, number?]
  >) {
    if (message !== current) close()
    current = message
    const known = found.get(key)
    if (!known) {
      if (found.size < MAX_PARTS) found.set(key, { first: { value, row }, last: row, rows: 1 })
    } else if (known.last !== row) {
      known.last = row
      known.rows += 1
    }
  }
  close()
}
