import type { EntityRef } from '../contract/shapes.ts'
import type { ReadStore } from '../store/store.ts'
import { Touches, type Touch } from './message-touches.ts'
import { Steps, type Step } from './trace-relations.ts'

/** What is known of one recipient of one message; times in microseconds UTC. */
export interface RecipientTrace {
  readonly mailbox: EntityRef | null
  readonly address: string
  readonly user: EntityRef | null
  /** A copy or a delivery is on record. */
  readonly isDelivered: boolean
  readonly deliveredAt: number | null
  readonly recordedAction: string | null
  readonly clickedAt: number | null
  readonly executedAt: number | null
  /** Where it was run, else where the file was saved, else where the link was opened. */
  readonly endpoint: EntityRef | null
  /** First logon of the user to that endpoint (to any without one) since delivery. */
  readonly loggedOnAt: number | null
  /** Something was clicked, opened, saved or run here. */
  readonly isTouched: boolean
  /** Ids of the relations that say so. */
  readonly relations: readonly string[]
}

const copies = `SELECT id, mailbox, coalesce(delivered_at, sent_at) AS at, delivered_at IS NULL AND recorded_action LIKE 'quarantine%' AS held,
  recorded_action FROM message WHERE entity_id = ? ORDER BY id`
/**
 * Of a copy that no mailbox got (quarantined on the way in): whose it was, when its envelope names one recipient alone, or the whole
 * row does.
 */
const onlyRecipient = `SELECT CASE WHEN count(DISTINCT address) = 1 THEN min(address)
    WHEN count(DISTINCT CASE role WHEN 'envelope' THEN address END) = 1 THEN min(CASE role WHEN 'envelope' THEN address END) END
  FROM message_recipient WHERE message = ?`
const addresses = `SELECT DISTINCT r.address FROM message m JOIN message_recipient r ON r.message = m.id WHERE m.entity_id = ? ORDER BY r.address LIMIT ?`
const owners = `SELECT e.id, e.kind, e.name FROM alias a JOIN entity e ON e.id = a.entity_id
  WHERE a.kind = 'smtp' AND a.value = ? AND e.kind IN ('mailbox', 'user') ORDER BY e.id`

/** A mail to all staff, or a forged To header, can list tens of thousands. */
const MAX_RECIPIENTS = 10_000

/** Logons of the recipients of a mail nobody touched are looked up only while the table is one a person reads. */
const MAX_LOGON_LOOKUPS = 200

interface Draft {
  mailbox: EntityRef | null
  address: string
  user: EntityRef | null
  isDelivered: boolean
  deliveredAt: number | null
  recordedAction: string | null
}

const earlier = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.min(a, b)

/** A recipient with the endpoints the user logs on to. */
interface Person {
  readonly draft: Draft
  readonly logons: readonly Step[]
  readonly uses: ReadonlySet<string>
}

interface CopyRow {
  id: number
  mailbox: string | null
  at: number | null
  held: number
  recorded_action: string | null
}
interface OwnerRow {
  id: number
  kind: EntityRef['kind']
  name: string
}

/**
 * Who got a message and what followed at each of them: recipient, delivered, clicked, executed, logged on. Everything comes from
 * relations of the last correlation run; without one only addresses and copies are known. Statements are prepared once for many
 * messages.
 */
export class RecipientTracer {
  readonly #steps: Steps
  readonly #touches: Touches
  readonly #many: boolean
  readonly #copies
  readonly #onlyRecipient
  readonly #addresses
  readonly #owners

  /** @param many true when thousands of messages will be traced; logons of the untouched are then left out */
  constructor(db: ReadStore, many = false) {
    this.#steps = new Steps(db)
    this.#touches = new Touches(db, this.#steps, many)
    this.#many = many
    this.#copies = db.prepare(copies)
    this.#onlyRecipient = db.prepare(onlyRecipient).pluck()
    this.#addresses = db.prepare(addresses).pluck()
    this.#owners = db.prepare(owners)
  }

  /** @param message entity id of the message; recipients come back by address */
  trace(message: number): RecipientTrace[] {
    const drafts = this.#listRecipients(message)
    const delivered = drafts.reduce<number | null>((at, draft) => earlier(at, draft.deliveredAt), null)
    const touches = this.#touches.of(message, delivered)
    const people = drafts.map((draft): Person => {
      const isNeeded = touches.length > 0 || (!this.#many && drafts.length <= MAX_LOGON_LOOKUPS)
      const logons =
        draft.user === null || !isNeeded ? [] : this.#steps.from(Number(draft.user.id), 'logged-on-to')
      return { draft, logons, uses: new Set(logons.map((step) => step.other.id)) }
    })
    const mine = assign(touches, people)
    return people.map((person) => this.#complete(person, mine.get(person) ?? []))
  }

  #listRecipients(message: number): Draft[] {
    const known = new Map<string, Draft>()
    const held = new Set<Draft>()
    for (const row of this.#copies.all(message) as CopyRow[]) {
      if (row.mailbox === null) {
        this.#noteAction(known, row)
        continue
      }
      const draft = this.#draft(known, row.mailbox, null)
      draft.recordedAction = row.recorded_action ?? draft.recordedAction
      // A quarantine holds a copy for a mailbox that never got it.
      if (row.held === 1) {
        held.add(draft)
        continue
      }
      draft.isDelivered = true
      draft.deliveredAt = earlier(draft.deliveredAt, row.at)
    }
    for (const step of this.#steps.from(message, 'delivered-to')) {
      const draft = this.#draft(known, step.other.name, step.other)
      if (held.has(draft) && !draft.isDelivered) continue
      draft.isDelivered = true
      draft.deliveredAt = earlier(draft.deliveredAt, step.first)
    }
    for (const address of this.#addresses.all(message, MAX_RECIPIENTS) as string[])
      this.#draft(known, address, null)
    return [...known.values()].sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0))
  }

  /** What was done to a copy counts although it reached no mailbox: a quarantine is what a retro scan can undo (W31). */
  #noteAction(known: Map<string, Draft>, row: CopyRow): void {
    if (row.recorded_action === null) return
    const address = this.#onlyRecipient.get(row.id) as string | null | undefined
    if (address != null) this.#draft(known, address, null).recordedAction ??= row.recorded_action
  }

  /** The recipient behind an address or mailbox: all addresses of one mailbox are one recipient. */
  #draft(known: Map<string, Draft>, address: string, delivery: EntityRef | null): Draft {
    const found = delivery === null ? (this.#owners.all(address) as OwnerRow[]) : []
    const mailbox = delivery ?? toRef(found.find((row) => row.kind === 'mailbox'))
    const key = mailbox?.id ?? address
    const before = known.get(key)
    if (before !== undefined) return before
    const owner = mailbox === null ? undefined : this.#steps.from(Number(mailbox.id), 'owned-by')[0]?.other
    const user = owner ?? toRef(found.find((row) => row.kind === 'user'))
    const draft: Draft = {
      mailbox,
      address,
      user,
      isDelivered: false,
      deliveredAt: null,
      recordedAction: null,
    }
    known.set(key, draft)
    return draft
  }

  #complete({ draft, logons }: Person, mine: readonly Touch[]): RecipientTrace {
    const of = (kind: Touch['kind']): Touch[] => mine.filter((touch) => touch.kind === kind).sort(byTime)
    const place = (kind: Touch['kind']): EntityRef | undefined =>
      of(kind).find((touch) => touch.endpoint !== null)?.endpoint ?? undefined
    const endpoint = place('executed') ?? place('saved') ?? place('opened') ?? null
    const there = logons.filter((step) => endpoint === null || step.other.id === endpoint.id)
    return {
      ...draft,
      clickedAt: of('opened')[0]?.at ?? null,
      executedAt: of('executed')[0]?.at ?? null,
      isTouched: mine.length > 0,
      relations: [...new Set(mine.map((touch) => touch.relation))],
      endpoint,
      loggedOnAt: there.reduce<number | null>(
        (first, step) => earlier(first, this.#steps.firstUse(step, draft.deliveredAt)),
        null,
      ),
    }
  }
}

const toRef = (row: OwnerRow | undefined): EntityRef | null =>
  row === undefined ? null : { id: String(row.id), kind: row.kind, name: row.name }

const byTime = (a: Touch, b: Touch): number => (a.at ?? Number.MAX_VALUE) - (b.at ?? Number.MAX_VALUE)

/**
 * Ties what happened to recipients: to the one named in it; else to those who log on to the endpoint (a program may run as
 * somebody else), of several to those named in another touch; else to the only recipient of a link or file that no other message
 * carries, when nothing is known of where that person works.
 */
function assign(touches: readonly Touch[], people: readonly Person[]): Map<Person, Touch[]> {
  const byUser = new Map(
    people.flatMap((person) => (person.draft.user === null ? [] : [[person.draft.user.id, person] as const])),
  )
  const named = new Set(touches.flatMap((touch) => byUser.get(touch.user?.id ?? '') ?? []))
  const assigned = new Map<Person, Touch[]>()
  for (const touch of touches) {
    for (const person of peopleOf(touch)) {
      const list = assigned.get(person)
      if (list === undefined) assigned.set(person, [touch])
      else list.push(touch)
    }
  }
  return assigned

  function peopleOf(touch: Touch): readonly Person[] {
    const person = byUser.get(touch.user?.id ?? '')
    if (person !== undefined) return [person]
    const there = people.filter(({ uses }) => touch.endpoint !== null && uses.has(touch.endpoint.id))
    if (there.length > 0)
      return there.some((one) => named.has(one)) ? there.filter((one) => named.has(one)) : there
    const [only] = people
    const isOnly = people.length === 1 && touch.user === null && !touch.isShared && only?.logons.length === 0
    return isOnly && only !== undefined ? [only] : []
  }
}
