import type { Traced } from './campaign-traits.ts'
import { Column, sortedPlaces } from './columns.ts'
import type { MessageCopy } from './mail-index.ts'
import { senderDomain } from './rare-hosts.ts'
import { SumNumbers } from './text-sums.ts'
import type { CorrelationView } from './view.ts'

/** An address that senders of this many domains come in from belongs to a mail provider. */
const SHARED_SOURCE = 5

const sources = 'SELECT id, source_ip FROM message WHERE source_ip IS NOT NULL'
/** Addresses that messages came in from, by row of the message; each address is held once. */
class SourceAddresses {
  readonly #names: string[] = []
  readonly #byRow = new Map<number, number>()
  /** Address -> domains of senders, until they are too many. */
  readonly #domains: Set<string>[] = []

  constructor(view: CorrelationView) {
    const numbers = new Map<string, number>()
    const rows = view.mailTables.prepare(sources).iterate() as IterableIterator<{
      id: number
      source_ip: string
    }>
    for (const { id, source_ip: ip } of rows) {
      const number = numbers.get(ip) ?? numbers.size
      if (number === numbers.size) this.#names.push(ip)
      numbers.set(ip, number)
      this.#byRow.set(id, number)
    }
    if (numbers.size === 0) return
    for (const copy of view.mail.copies) {
      const number = this.#byRow.get(copy.rowId)
      if (number === undefined) continue
      const known = (this.#domains[number] ??= new Set())
      if (known.size <= SHARED_SOURCE) known.add(senderDomain(copy))
    }
  }

  /** The address of one sender or a few; undefined when not recorded, or shared by many. */
  of(rowId: number): string | undefined {
    const number = this.#byRow.get(rowId)
    const isShared = number === undefined || (this.#domains[number]?.size ?? 0) > SHARED_SOURCE
    return isShared ? undefined : this.#names[number]
  }
}

/** Messages from outside, one copy each, in the order they came; answers belong to a conversation, not to a wave. */
export class OutsideMessages {
  readonly #copies: readonly MessageCopy[]
  readonly #sources: SourceAddresses
  /** Places of the copies. */
  readonly #order: Uint32Array

  constructor(view: CorrelationView) {
    this.#copies = view.mail.copies
    this.#sources = new SourceAddresses(view)
    const seen = new SumNumbers()
    const found = new Column('id')
    for (const copy of this.#copies) {
      const id = copy.message.id
      if (timeOf(copy) === null || !copy.from || copy.inReplyTo !== null || seen.find(id) !== undefined)
        continue
      // A row that tells of one part of a message alone comes beside one with its recipients.
      if (copy.urls.length === 0 && copy.attachments.length === 0 && copy.mailboxes.length === 0) continue
      if (view.mail.ownerOf(copy.from) || copy.from.attributes['isShared'] === true) continue
      seen.number(id)
      found.push(copy.place)
    }
    // Copies stand in the order of their rows.
    const at = (next: number): number => timeOf(this.#copies[found.at(next)]) ?? 0
    this.#order = sortedPlaces(found.length, (a, b) => at(a) - at(b)).map((next) => found.at(next))
  }

  get length(): number {
    return this.#order.length
  }
  at(place: number): Traced {
    const copy = this.#copies[this.#order[place] ?? -1]
    if (!copy) throw new RangeError(`No message at ${place}`)
    return { copy, at: timeOf(copy) ?? 0, source: this.#sources.of(copy.rowId) }
  }
}
const timeOf = (copy: MessageCopy | undefined): number | null => copy?.deliveredAt ?? copy?.sentAt ?? null
