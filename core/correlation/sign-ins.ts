import { proofOf } from './drafts.ts'
import type { RelationDraft } from './rule.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

/** Logs write down a sign-in of one id within this time of each other. */
const SAME_ID_US = 300_000_000
/** Without an id in both: who, from where and when, to the seconds that the coarser log writes. */
const SAME_MOMENT_US = 5_000_000
/** Sign-ins held for others of theirs. Attack: a spray of a million in a minute. */
const MAX_RECENT = 20_000
/** Sign-ins of one account from one address that a record is compared with. Attack: thousands in one second. */
const MAX_COMPARED = 32

/** Sign-in logs, mail and office services of one provider write down the same sign-in. */
const ONE_PROVIDER = /microsoft|entra|azure|office|exchange|sharepoint|onedrive|aad/i
const ID = /(?:^|; )(?:sign-in|RequestId|Id): ([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})(?=;|$)/i
const GUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

/** One sign-in, in the records of all logs that tell of it. */
interface Told {
  readonly at: number
  readonly keys: readonly string[]
  readonly id: string | undefined
  readonly records: ViewEvent[]
}

/**
 * Which records of sign-ins tell of one that another record tells of as well: the sign-in log and the unified audit log of a tenant
 * both have it. The fullest of them stands for the sign-in, and the others are its repeats.
 */
export class SignIns {
  readonly #repeats = new Set<number>()
  readonly #proofs = new Map<number, RelationDraft['proof']>()
  readonly #recent: Told[] = []
  readonly #byKey = new Map<string, Told[]>()
  #oldest = 0

  constructor(view: CorrelationView) {
    for (const event of view.events(
      ['cloud-sign-in'],
      [
        'account',
        'outcome',
        'sourceIp',
        'application',
        'provider',
        'detail',
        'location',
        'hostId',
        'sourceHost',
        'severity',
        'userAgent',
      ],
    ))
      if (event.at !== null) this.#add(event, event.at)
    while (this.#oldest < this.#recent.length) this.#close()
  }

  /** Whether a fuller record tells of the same sign-in. */
  isRepeat(event: ViewEvent): boolean {
    return this.#repeats.has(event.id)
  }

  /** The record, and those that repeat it. */
  proofOf(event: ViewEvent): RelationDraft['proof'] {
    return [...proofOf(event), ...(this.#proofs.get(event.id) ?? [])]
  }

  #add(event: ViewEvent, at: number): void {
    while (this.#oldest < this.#recent.length) {
      const first = this.#recent[this.#oldest]
      if (!first || (at - first.at <= SAME_ID_US && this.#recent.length - this.#oldest < MAX_RECENT)) break
      this.#close()
    }
    const { outcome = '', sourceIp = '', account = '', detail = '' } = event.fields
    const who = `${event.userId ?? account.toLowerCase()}|${outcome}`
    const id = ID.exec(detail)?.[1]?.toLowerCase()
    const byPlace = `p${who}|${sourceIp}`
    const known =
      (id === undefined ? undefined : this.#byKey.get(`i${who}|${id}`)?.[0]) ??
      (sourceIp === '' ? undefined : this.#near(byPlace, event, at, id))
    if (known) {
      known.records.push(event)
      return
    }
    const told: Told = {
      at,
      id,
      records: [event],
      keys: [byPlace, ...(id === undefined ? [] : [`i${who}|${id}`])],
    }
    this.#recent.push(told)
    for (const key of told.keys) {
      const list = this.#byKey.get(key)
      if (list) list.push(told)
      else this.#byKey.set(key, [told])
    }
  }

  /** A sign-in of the same account from the same address at the same moment, of which this log has not told yet. */
  #near(key: string, event: ViewEvent, at: number, id: string | undefined): Told | undefined {
    return this.#byKey
      .get(key)
      ?.slice(-MAX_COMPARED)
      .find(
        (one) =>
          at - one.at <= SAME_MOMENT_US &&
          (id === undefined || one.id === undefined) &&
          one.records.every((other) => other.evidenceId !== event.evidenceId && mayBeOne(other, event)),
      )
  }

  #close(): void {
    const told = this.#recent[this.#oldest]
    this.#oldest += 1
    if (!told) return
    for (const key of told.keys) {
      const list = this.#byKey.get(key)
      if (list && list.length > 1) list.splice(list.indexOf(told), 1)
      else this.#byKey.delete(key)
    }
    if (told.records.length > 1) this.#note(told.records)
    if (this.#oldest < 1024 || this.#oldest * 2 < this.#recent.length) return
    this.#recent.splice(0, this.#oldest)
    this.#oldest = 0
  }

  #note(records: readonly ViewEvent[]): void {
    const [first, ...repeats] = records.toSorted((a, b) => compare(a, b))
    if (!first) return
    for (const repeat of repeats) this.#repeats.add(repeat.id)
    this.#proofs.set(
      first.id,
      repeats.flatMap((repeat) => proofOf(repeat)),
    )
  }
}

/** The audit log writes ids of applications, the sign-in log their names: only two of a kind can differ. */
function mayBeOne({ fields: a }: ViewEvent, { fields: b }: ViewEvent): boolean {
  const isOneProvider =
    a.provider === b.provider || (ONE_PROVIDER.test(a.provider ?? '') && ONE_PROVIDER.test(b.provider ?? ''))
  if (!isOneProvider) return false
  const [left, right] = [a.application?.toLowerCase(), b.application?.toLowerCase()]
  return left === undefined || right === undefined || GUID.test(left) !== GUID.test(right) || left === right
}

/** What makes one record of a sign-in fuller than another. */
const TOLD = ['location', 'hostId', 'sourceHost', 'severity', 'userAgent'] as const
const fullness = ({ fields }: ViewEvent): number =>
  TOLD.filter((name) => fields[name] !== undefined).length +
  (fields.application !== undefined && !GUID.test(fields.application) ? 1 : 0)

/** The fuller first; of equal ones what they say decides, not which was imported first. */
function compare(a: ViewEvent, b: ViewEvent): number {
  const [left, right] = [a, b].map(({ fields }) => `${fields.provider ?? ''}\n${fields.detail ?? ''}`)
  return (
    fullness(b) - fullness(a) ||
    (a.at ?? 0) - (b.at ?? 0) ||
    ((left ?? '') < (right ?? '') ? -1 : left === right ? 0 : 1)
  )
}
