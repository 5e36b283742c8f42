import type { EntityRef } from '../contract/shapes.ts'
import type { ReadStore } from '../store/store.ts'
import { Touches, type Touch } from './message-touches.ts'
import { Outsiders } from './outsiders.ts'
import { earlier, RecipientLists, type Recipient } from './recipient-list.ts'
import { assignTouches, findOutsiders, type Person } from './touch-owners.ts'
import { type Step, Steps } from './trace-relations.ts'

/** What may belong to something else than the message. */
export type Perhaps = 'clicked' | 'executed'

/** What is known of one recipient of one message; times in microseconds UTC. */
export interface RecipientTrace extends Recipient {
  /** False: somebody who did not get the message, yet opened its link or ran what came with it. */
  readonly isRecipient: boolean
  readonly clickedAt: number | null
  readonly executedAt: number | null
  /** Which of these only the name of a file or of a host says: perhaps something else was opened or run. */
  readonly perhaps: readonly Perhaps[]
  /** Where it was run, else where the file was saved, else where the link was opened. */
  readonly endpoint: EntityRef | null
  /** First logon of the user to that endpoint (to any without one) since delivery. */
  readonly loggedOnAt: number | null
  /** Something was clicked, opened, saved or run here. */
  readonly isTouched: boolean
  /** Ids of the relations that say so. */
  readonly relations: readonly string[]
}

/** Logons of the recipients of a mail nobody touched are looked up only while the table is one a person reads. */
const MAX_LOGON_LOOKUPS = 200

/** Users whose logons are kept ready; beyond, they are read again. */
const MAX_KEPT = 2000

/**
 * Who got a message and what followed at each of them: recipient, delivered, clicked, executed, logged on. Everything comes from
 * relations of the last correlation run; without one only addresses and copies are known. Statements are prepared once for many
 * messages.
 */
export class RecipientTracer {
  readonly #steps: Steps
  readonly #lists: RecipientLists
  readonly #touches: Touches
  readonly #outsiders: Outsiders
  readonly #many: boolean
  readonly #logons = new Map<string, readonly Step[]>()

  /**
   * @param now microseconds UTC
   * @param many true when thousands of messages will be traced; logons of the untouched are then left out
   */
  constructor(db: ReadStore, now: number, many = false) {
    this.#steps = new Steps(db)
    this.#lists = new RecipientLists(db, now, this.#steps)
    this.#touches = new Touches(db, this.#steps, many)
    this.#outsiders = new Outsiders(db, now)
    this.#many = many
  }

  /** @param message entity id of the message; recipients come back by address, after them others who opened or ran something */
  trace(message: number): RecipientTrace[] {
    const { recipients, since } = this.#lists.of(message)
    const delivered = recipients.reduce<number | null>((at, one) => earlier(at, one.deliveredAt), null)
    const touches = this.#touches.of(message, delivered ?? since)
    const isNeeded = touches.length > 0 || (!this.#many && recipients.length <= MAX_LOGON_LOOKUPS)
    const people = recipients.map((one) => this.#person(one, one.user, isNeeded))
    const uses = new Set(people.flatMap((person) => [...person.uses]))
    const outsiders = findOutsiders(touches, recipients, uses).map((user) => this.#person(null, user, true))
    const owned = assignTouches(touches, [...people, ...outsiders])
    return [
      ...people.map((person) => this.#complete(person, owned.get(person) ?? [], since)),
      ...outsiders
        .map((person) => this.#complete(person, this.#outsiders.own(message, person, owned), since))
        .filter((trace) => trace.isTouched)
        .sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0)),
    ]
  }

  #person(recipient: Recipient | null, user: EntityRef | null, isNeeded: boolean): Person {
    const logons = user === null || !isNeeded ? [] : this.#logonsOf(user.id)
    return { recipient, user, logons, uses: new Set(logons.map((step) => step.other.id)) }
  }

  /** Who opened the link of a newsletter is asked for with every message that holds it. */
  #logonsOf(user: string): readonly Step[] {
    const known = this.#logons.get(user) ?? this.#steps.from(Number(user), 'logged-on-to')
    if (this.#logons.size >= MAX_KEPT) this.#logons.clear()
    this.#logons.set(user, known)
    return known
  }

  #complete(person: Person, mine: readonly Touch[], since: number | null): RecipientTrace {
    const { recipient, user, logons } = person
    /** What is sure first. */
    const of = (kind: Touch['kind']): Touch[] =>
      mine
        .filter((touch) => touch.kind === kind)
        .sort((a, b) => Number(b.isSure) - Number(a.isSure) || byTime(a, b))
    const place = (kind: Touch['kind']): EntityRef | undefined =>
      of(kind).find((touch) => touch.endpoint !== null)?.endpoint ?? undefined
    const endpoint = place('executed') ?? place('saved') ?? place('opened') ?? null
    const there = logons.filter((step) => endpoint === null || step.other.id === endpoint.id)
    const [opened] = of('opened')
    const [executed] = of('executed')
    // Who did not get it may have logged on since it was there; before that there was nothing to come back to.
    const start = recipient?.deliveredAt ?? since
    return {
      ...(recipient ?? this.#outsiders.toRecipient(user)),
      isRecipient: recipient !== null,
      clickedAt: opened?.at ?? null,
      executedAt: executed?.at ?? null,
      perhaps: [
        ...(opened?.isSure === false ? (['clicked'] as const) : []),
        ...(executed?.isSure === false ? (['executed'] as const) : []),
      ],
      isTouched: mine.length > 0,
      relations: [...new Set(mine.map((touch) => touch.relation))],
      endpoint,
      loggedOnAt:
        start === null
          ? null
          : there.reduce<number | null>(
              (first, step) => earlier(first, this.#steps.firstUse(step, start)),
              null,
            ),
    }
  }
}

const byTime = (a: Touch, b: Touch): number => (a.at ?? Number.MAX_VALUE) - (b.at ?? Number.MAX_VALUE)
