import type { BookEntity } from '../identity/entity-book.ts'
import { splitAccount } from '../identity/well-known.ts'
import { SumTimes, sumOf } from './text-sums.ts'
import { TimeIndex } from './time-index.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

/** Somebody reached an endpoint from another one: a network or remote-desktop logon, or the use of a share. */
export interface Arrival {
  readonly at: number
  readonly source: BookEntity
  readonly user: string
  readonly userId: number | null
  readonly event: ViewEvent
}

/** A network logon reaches this far: what it set off starts within it. */
export const ARRIVAL_REACH_US = 180_000_000
/** Records of one endpoint from two of its logs, and the order within a second. */
export const SAME_MOMENT_US = 3_000_000
/** A session stays open while somebody works: what carries its id belongs to it, however much later. */
const SESSION_REACH_US = 7 * 86_400_000_000

/** Shares that administration goes through: drives, the Windows folder, and the pipes of the service and task services. */
const ADMIN_SHARE = /\\(?:admin\$|[a-z]\$|ipc\$\\(?:svcctl|atsvc|itaskschedulerservice|winreg))(?:\\|$)/i

/** Arrivals by target: by the session they opened, and by time. */
export class Arrivals {
  readonly #byTarget = new TimeIndex<Arrival>()
  readonly #bySession = new TimeIndex<Arrival>()
  /** Sessions that were opened at the machine itself or by its services. */
  readonly #local = new SumTimes()

  constructor(view: CorrelationView) {
    for (const event of view.events(
      ['logon'],
      ['sourceIp', 'sourceHost', 'logonType', 'account', 'logonId', 'targetLogonId'],
    )) {
      if (event.endpointId === null || event.at === null) continue
      const { logonType, targetLogonId, logonId } = event.fields
      const session = targetLogonId ?? logonId
      if (logonType === 3 || logonType === 10) this.#note(view, event, session)
      else if (session !== undefined) this.#local.add(sumOf(`${event.endpointId}|${session}`), event.at)
    }
    for (const event of view.events(
      ['share-access'],
      ['sourceIp', 'target', 'account', 'logonId', 'outcome'],
    ))
      if (event.fields.outcome !== 'failure' && ADMIN_SHARE.test(event.fields.target ?? ''))
        this.#note(view, event, event.fields.logonId)
  }

  get isEmpty(): boolean {
    return this.#byTarget.size === 0
  }

  #note(view: CorrelationView, event: ViewEvent, session: string | undefined): void {
    if (event.userId === null || event.endpointId === null || event.at === null) return
    const source =
      view.addresses.find(event.fields.sourceIp, event.at) ??
      (event.fields.sourceHost === undefined
        ? undefined
        : view.findEndpoint(event.fields.sourceHost, event.at))
    if (!source || source.id === event.endpointId) return
    const arrival: Arrival = {
      at: event.at,
      source,
      user: event.fields.account ?? '',
      userId: event.userId,
      event,
    }
    this.#byTarget.add(`${event.endpointId}`, arrival)
    if (session !== undefined) this.#bySession.add(`${event.endpointId}|${session}`, arrival)
  }

  /** The arrival that opened the session; sessions of the machine itself have none. */
  ofSession(endpointId: number, session: string | undefined, at: number): Arrival | undefined {
    return session === undefined
      ? undefined
      : this.#bySession.last(`${endpointId}|${session}`, at - SESSION_REACH_US, at + SAME_MOMENT_US)
  }

  /** Whether the session is known to be one of the machine itself: nobody came for it. */
  isLocal(endpointId: number, session: string | undefined, at: number): boolean {
    return (
      session !== undefined &&
      this.#local.hasBetween(sumOf(`${endpointId}|${session}`), at - SESSION_REACH_US, at + SAME_MOMENT_US)
    )
  }

  /** The first arrival from the source within the span. */
  from(sourceId: number, endpointId: number, since: number, until: number): Arrival | undefined {
    for (const one of this.#byTarget.between(`${endpointId}`, since, until))
      if (one.source.id === sourceId) return one
    return undefined
  }

  /** The last arrival shortly before; with a user, the last one of that user. */
  before(endpointId: number, at: number, user: { id: number | null; name: string }): Arrival | undefined {
    const last = this.#byTarget.last(`${endpointId}`, at - ARRIVAL_REACH_US, at + SAME_MOMENT_US)
    if (last === undefined || isSameUser(last, user)) return last
    let found: Arrival | undefined
    for (const one of this.#byTarget.between(`${endpointId}`, at - ARRIVAL_REACH_US, at + SAME_MOMENT_US))
      if (isSameUser(one, user)) found = one
    return found
  }
}

/** Nothing known of the one who did it contradicts nobody. */
const isSameUser = (arrival: Arrival, user: { id: number | null; name: string }): boolean =>
  user.id === null
    ? user.name === '' || nameOf(user.name) === nameOf(arrival.user)
    : user.id === arrival.userId
const nameOf = (account: string): string => splitAccount(account)[1].split('@')[0] ?? ''
