import { partition } from './columns.ts'
import type { MessageCopy } from './message-copy.ts'
import type { Recipients } from './recipients.ts'
import { SumNumbers, sumOf, SumPlaces, SumValues } from './text-sums.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

/** Mail and endpoint clocks differ; machines outside the domain go wrong by minutes. */
const CLOCK_US = 600_000_000
/** Hashes of one writing come in records this close to each other, out of one clock. */
const SAME_WRITE_US = 120_000_000

export type Attachment = MessageCopy['attachments'][number]
export interface SentFile {
  readonly copy: MessageCopy
  readonly attachment: Attachment
  readonly at: number | null
}

const nameKey = (name: string): string => `name ${name}`

/** What an attachment is found by. */
const keysOf = (attachment: Attachment): string[] => [
  ...hashesOf(attachment),
  nameKey(attachment.name.toLowerCase()),
]

/** Attachments by hash and by name, each by the user who got them, in the order of delivery: 24 bytes for each key. */
export class SentFiles {
  readonly #copies: readonly MessageCopy[]
  readonly #recipients: Recipients
  /** User and key -> entries of {@link Recipients}. */
  readonly #byKey: SumPlaces
  readonly #names = new SumNumbers()
  /** Of each hash, the place of the copy that came first. */
  readonly #first = new SumValues()

  constructor(view: CorrelationView) {
    const { recipients } = view
    this.#recipients = recipients
    this.#copies = view.mail.copies
    const withFiles = new Uint8Array(this.#copies.length)
    for (const copy of this.#copies)
      for (const attachment of copy.attachments) {
        withFiles[copy.place] = 1
        this.#names.number(sumOf(attachment.name.toLowerCase()))
        for (const hash of hashesOf(attachment)) this.#noteFirst(hash, copy)
      }
    const timeOf = (entry: number): number => recipients.entry(entry).deliveredAt ?? 0
    this.#byKey = new SumPlaces((a, b) => timeOf(a) - timeOf(b))
    for (const { copy, entries } of recipients.byCopy((place) => withFiles[place] === 1))
      for (const attachment of copy.attachments)
        for (const key of keysOf(attachment))
          for (const entry of entries) this.#byKey.add(sumOf(`${recipients.userOf(entry)}|${key}`), entry)
  }

  #noteFirst(hash: string, copy: MessageCopy): void {
    const sum = sumOf(hash)
    const first = this.#copies[this.#first.get(sum) ?? -1]
    const [known, at] = [timeOfCopy(first), timeOfCopy(copy)]
    if (!first || (at !== null && (known === null || at < known))) this.#first.set(sum, copy.place)
  }

  get isEmpty(): boolean {
    return this.#names.size === 0
  }
  hasName(name: string): boolean {
    return this.#names.find(sumOf(name)) !== undefined
  }
  /** Whether the user got a file of that name, whenever. */
  hasNamed(user: number, name: string): boolean {
    return this.#byKey.has(sumOf(`${user}|${nameKey(name)}`))
  }
  hasHash(hash: string): boolean {
    return this.#first.get(sumOf(hash)) !== undefined
  }
  /** The first copy anybody got of these bytes. */
  firstOf(hash: string): SentFile | undefined {
    const copy = this.#copies[this.#first.get(sumOf(hash)) ?? -1]
    const attachment = copy?.attachments.find((one) => hashesOf(one).includes(hash))
    return copy && attachment && { copy, attachment, at: timeOfCopy(copy) }
  }

  /**
   * What a user got under a key up to a time, the latest first; what came a moment later only when nothing came before:
   * then one of the clocks is wrong.
   */
  *before(user: number, key: string, at: number | null): Generator<SentFile> {
    const list = this.#byKey.of(sumOf(`${user}|${key}`))
    const end = this.#upTo(list, at ?? Infinity)
    for (let index = end - 1; index >= 0; index -= 1)
      if (list[index] !== list[index + 1]) yield* this.#filesOf(list[index] ?? 0, key).reverse()
    if (end > 0 || at === null) return
    const late = this.#upTo(list, at + CLOCK_US)
    for (let index = 0; index < late; index += 1)
      if (list[index] !== list[index - 1]) yield* this.#filesOf(list[index] ?? 0, key)
  }

  /** The files under a key that an entry stands for: a copy may carry one twice. */
  #filesOf(entry: number, key: string): SentFile[] {
    const { copy, deliveredAt: at } = this.#recipients.entry(entry)
    return copy.attachments.flatMap((attachment) =>
      keysOf(attachment).includes(key) ? [{ copy, attachment, at }] : [],
    )
  }

  /** How many of them were delivered up to a time. */
  #upTo(list: Uint32Array, at: number): number {
    return partition(list.length, (next) => (this.#recipients.entry(list[next] ?? 0).deliveredAt ?? 0) <= at)
  }
}

const timeOfCopy = (copy: MessageCopy | undefined): number | null => copy?.deliveredAt ?? copy?.sentAt ?? null

const hashesOf = (attachment: Attachment): string[] =>
  [attachment.sha256, attachment.sha1, attachment.md5].flatMap((hash) => hash?.toLowerCase() ?? [])

/** A file cannot come out of a message that arrived later; a copy without time may have come before. */
export const wasDelivered = (deliveredAt: number | null, at: number | null): boolean =>
  deliveredAt === null || at === null || deliveredAt <= at + CLOCK_US

/** Hashes on record for files of an attachment's name, at the time they were written. */
export class WrittenBytes {
  readonly #seen = new Map<string, { at: number; hash: string }[]>()
  readonly #written = new SumNumbers()

  note(event: ViewEvent, path: string): void {
    const key = `${event.endpointId}|${path.toLowerCase()}`
    this.#written.number(sumOf(key))
    if (event.at === null) return
    for (const kind of ['sha256', 'sha1', 'md5'] as const) {
      const value = event.fields[kind]
      if (value === undefined) continue
      const list = this.#seen.get(key) ?? []
      list.push({ at: event.at, hash: `${kind} ${value.toLowerCase()}` })
      this.#seen.set(key, list)
    }
  }

  wasWritten(event: ViewEvent, path: string): boolean {
    return this.#written.find(sumOf(`${event.endpointId}|${path.toLowerCase()}`)) !== undefined
  }

  /** Whether the file was written with other bytes than the attachment's: then only the name is the same. */
  areOthers(event: ViewEvent, path: string, attachment: MessageCopy['attachments'][number]): boolean {
    const { at } = event
    const seen = this.#seen.get(`${event.endpointId}|${path.toLowerCase()}`) ?? []
    if (at === null || seen.length === 0) return false
    for (const kind of ['sha256', 'sha1', 'md5'] as const) {
      const hash = attachment[kind]
      const near = seen.filter((one) => one.hash.startsWith(kind) && Math.abs(one.at - at) <= SAME_WRITE_US)
      if (hash !== null && near.length > 0)
        return !near.some((one) => one.hash === `${kind} ${hash.toLowerCase()}`)
    }
    return false
  }
}
