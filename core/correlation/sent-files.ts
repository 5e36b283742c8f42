import type { MessageCopy } from './mail-index.ts'
import type { Recipients } from './recipients.ts'
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

/** Attachments by hash and by name, each by the user who got them, in the order of delivery. */
export class SentFiles {
  readonly #byKey = new Map<string, SentFile[]>()
  readonly #names = new Set<string>()
  readonly #first = new Map<string, SentFile>()

  constructor(view: CorrelationView, recipients: Recipients) {
    for (const copy of view.mail.copies)
      for (const attachment of copy.attachments) {
        this.#names.add(attachment.name.toLowerCase())
        const at = copy.deliveredAt ?? copy.sentAt
        for (const hash of hashesOf(attachment)) {
          const known = this.#first.get(hash)
          if (!known || (at !== null && (known.at === null || at < known.at)))
            this.#first.set(hash, { copy, attachment, at })
        }
      }
    for (const [user, list] of recipients.byUser)
      for (const { copy, deliveredAt } of list)
        for (const attachment of copy.attachments) {
          const sent = { copy, attachment, at: deliveredAt }
          for (const key of [...hashesOf(attachment), `name ${attachment.name.toLowerCase()}`])
            this.#push(`${user}|${key}`, sent)
        }
    for (const list of this.#byKey.values()) list.sort((a, b) => (a.at ?? 0) - (b.at ?? 0))
  }

  #push(key: string, sent: SentFile): void {
    const list = this.#byKey.get(key)
    if (list) list.push(sent)
    else this.#byKey.set(key, [sent])
  }

  get isEmpty(): boolean {
    return this.#names.size === 0
  }
  hasName(name: string): boolean {
    return this.#names.has(name)
  }
  /** The first copy anybody got of these bytes. */
  firstOf(hash: string): SentFile | undefined {
    return this.#first.get(hash)
  }

  /**
   * What a user got under a key up to a time, the latest first; what came a moment later only when nothing came before:
   * then one of the clocks is wrong.
   */
  *before(user: number, key: string, at: number | null): Generator<SentFile> {
    const list = this.#byKey.get(`${user}|${key}`) ?? []
    const end = upTo(list, at ?? Infinity)
    for (let index = end - 1; index >= 0; index -= 1) yield list[index] as SentFile
    if (end === 0 && at !== null) for (const late of list.slice(0, upTo(list, at + CLOCK_US))) yield late
  }
}

/** How many of them were delivered up to a time. */
function upTo(list: readonly SentFile[], at: number): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((list[middle]?.at ?? 0) <= at) low = middle + 1
    else high = middle
  }
  return low
}

const hashesOf = (attachment: Attachment): string[] =>
  [attachment.sha256, attachment.sha1, attachment.md5].flatMap((hash) => hash?.toLowerCase() ?? [])

/** A file cannot come out of a message that arrived later; a copy without time may have come before. */
export const wasDelivered = (deliveredAt: number | null, at: number | null): boolean =>
  deliveredAt === null || at === null || deliveredAt <= at + CLOCK_US

/** Hashes on record for files of an attachment's name, at the time they were written. */
export class WrittenBytes {
  readonly #seen = new Map<string, { at: number; hash: string }[]>()
  readonly #written = new Set<string>()

  note(event: ViewEvent, path: string): void {
    const key = `${event.endpointId}|${path.toLowerCase()}`
    this.#written.add(key)
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
    return this.#written.has(`${event.endpointId}|${path.toLowerCase()}`)
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
