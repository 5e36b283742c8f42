import type { Traced } from './campaign-traits.ts'
import { Column, sortedPlaces } from './columns.ts'
import type { MessageCopy } from './message-copy.ts'
import { senderDomain } from './rare-hosts.ts'
import { SumNumbers } from './text-sums.ts'
import type { CorrelationView } from './view.ts'

/** An address that senders of this many domains come in from belongs to a mail provider. */
const SHARED_SOURCE = 5

const sources = 'SELECT id, source_ip FROM message WHERE source_ip IS NOT NULL'
/** Addresses that messages came in from, by message; each address is held once. */
class SourceAddresses {
  readonly #names: string[] = []
  readonly #byMessage = new Map<number, number>()
  /** Address -> domains of senders, until they are too many. */
  readonly #domains: Set<string>[] = []

  constructor(view: CorrelationView) {
    const numbers = new Map<string, number>()
    const byRow = new Map<number, number>()
    const rows = view.mailTables.prepare(sources).iterate() as IterableIterator<{
      id: number
      source_ip: string
    }>
    for (const { id, source_ip: ip } of rows) {
      const number = numbers.get(ip) ?? numbers.size
      if (number === numbers.size) this.#names.push(ip)
      numbers.set(ip, number)
      byRow.set(id, number)
    }
    if (numbers.size === 0) return
    for (const copy of view.mail.copies) {
      const number = byRow.get(copy.rowId)
      if (number === undefined) continue
      const known = (this.#domains[number] ??= new Set())
      if (known.size <= SHARED_SOURCE) known.add(senderDomain(copy))
      const other = this.#byMessage.get(copy.message.id)
      // Logs of one message may name different hops: which one stands must not go by the order they came in.
      if (other === undefined || (this.#names[number] ?? '') < (this.#names[other] ?? ''))
        this.#byMessage.set(copy.message.id, number)
    }
  }

  /** The address of one sender or a few; undefined when not recorded, or shared by many. */
  of(message: number): string | undefined {
    const number = this.#byMessage.get(message)
    const isShared = number === undefined || (this.#domains[number]?.size ?? 0) > SHARED_SOURCE
    return isShared ? undefined : this.#names[number]
  }
}

/** Mailboxes of a message that two are compared by. Attack: letters to a hundred thousand, each like the others. */
const MAX_MAILBOXES = 1_000
/** Messages whose mailboxes are held; beyond, they are asked for again. */
const MAX_CACHED = 500

/** Messages from outside, one copy each, in the order they came; answers belong to a conversation, not to a wave. */
export class OutsideMessages {
  readonly #view: CorrelationView
  readonly #sources: SourceAddresses
  /** Places of the copies that stand for the messages: the first of each that names the sender, and when it came. */
  readonly #place = new Column('id')
  readonly #first = new Column('number')
  readonly #order: Uint32Array
  readonly #mailboxes = new Map<number, ReadonlySet<number>>()

  constructor(view: CorrelationView) {
    this.#view = view
    this.#sources = new SourceAddresses(view)
    const seen = new SumNumbers()
    for (const copy of view.mail.copies) {
      const at = copy.deliveredAt ?? copy.sentAt
      const { from } = copy.own
      if (at === null || !from || copy.inReplyTo !== null) continue
      const known = seen.find(copy.message.id)
      if (known !== undefined) {
        if (at >= this.#first.at(known)) continue
        this.#first.set(known, at)
        this.#place.set(known, copy.place)
        continue
      }
      // A row that tells of nobody who got it, and of nothing it carried, tells of no wave.
      if (copy.urls.length === 0 && copy.attachments.length === 0 && copy.mailboxes.length === 0) continue
      if (view.mail.ownerOf(from) || from.attributes['isShared'] === true) continue
      seen.number(copy.message.id)
      this.#place.push(copy.place)
      this.#first.push(at)
    }
    this.#order = sortedPlaces(
      this.#place.length,
      (a, b) => this.#first.at(a) - this.#first.at(b) || this.#compareNames(a, b),
    )
  }

  get length(): number {
    return this.#order.length
  }
  at(place: number): Traced {
    const next = this.#order[place] ?? -1
    const copy = this.#copyOf(next)
    if (!copy) throw new RangeError(`No message at ${place}`)
    return { copy, at: this.#first.at(next), source: this.#sources.of(copy.message.id) }
  }

  /** Mailboxes that have a copy of a message, some of those of very many. */
  mailboxesOf(message: number): ReadonlySet<number> {
    const known = this.#mailboxes.get(message)
    if (known) return known
    if (this.#mailboxes.size >= MAX_CACHED) this.#mailboxes.clear()
    const found = new Set<number>()
    for (const copy of this.#view.mail.copiesOf(message)) {
      if (found.size >= MAX_MAILBOXES) break
      for (const mailbox of copy.mailboxes) found.add(mailbox.id)
    }
    this.#mailboxes.set(message, found)
    return found
  }

  #copyOf(next: number): MessageCopy | undefined {
    return this.#view.mail.copies[this.#place.at(next)]
  }

  /** Of two that came at once, which one is first must not go by the order of import. */
  #compareNames(a: number, b: number): number {
    const [left, right] = [this.#copyOf(a)?.messageId ?? '', this.#copyOf(b)?.messageId ?? '']
    return left < right ? -1 : left > right ? 1 : 0
  }
}
