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

/** What is kept of everybody who came, also from an address of which nobody knows whose it is. */
interface Comer {
  readonly at: number
  readonly user: string
  readonly userId: number
  readonly isByShare: boolean
  /** undefined: nobody knows the endpoint. */
  readonly arrival: Arrival | undefined
}

/** A network logon reaches this far: what it set off starts within it. */
export const ARRIVAL_REACH_US = 180_000_000
/** Records of one endpoint from two of its logs, and the order within a second. */
export const SAME_MOMENT_US = 3_000_000
/** A session stays open while somebody works: what carries its id belongs to it, however much later. */
const SESSION_REACH_US = 7 * 86_400_000_000

/** Shares that administration goes through: drives, the Windows folder, and the pipes of the service and task services. */
const ADMIN_SHARE = /\\(?:admin\$|[a-z]\$|ipc\$\\(?:svcctl|atsvc|itaskschedulerservice|winreg))(?:\\|$)/i

/** Addresses that a machine has for itself. */
const OWN = /^(?:127\.|::1$|0\.0\.0\.0$|::$|-$)/

/**
 * Arrivals by target: by the session they opened, and by time. Whoever came from an address that is no known endpoint's stands in the way
 * of those who came before: an innocent who was there a minute earlier is not taken in their place.
 */
export class Arrivals {
  readonly #byTarget = new TimeIndex<Arrival>()
  readonly #comers = new TimeIndex<Comer>()
  readonly #bySession = new TimeIndex<Arrival>()
  /** Sessions that were opened at the machine itself, by its services, or from nobody knows where. */
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
    if (source?.id === event.endpointId) return
    const { endpointId, at, userId } = event
    const user = event.fields.account ?? ''
    const isByShare = event.kind === 'share-access'
    if (!source) {
      const { sourceIp, sourceHost } = event.fields
      const from = sourceIp ?? sourceHost
      if (from === undefined || OWN.test(from)) return
      this.#comers.add(`${endpointId}`, { at, user, userId, isByShare, arrival: undefined })
      if (session !== undefined) this.#local.add(sumOf(`${endpointId}|${session}`), at)
      return
    }
    const arrival: Arrival = { at, source, user, userId, event }
    this.#comers.add(`${endpointId}`, { at, user, userId, isByShare, arrival })
    this.#byTarget.add(`${event.endpointId}`, arrival)
    if (session !== undefined) this.#bySession.add(`${event.endpointId}|${session}`, arrival)
  }

  /** The arrival that opened the session; sessions of the machine itself have none. */
  ofSession(endpointId: number, session: string | undefined, at: number): Arrival | undefined {
    return session === undefined
      ? undefined
      : this.#bySession.last(`${endpointId}|${session}`, at - SESSION_REACH_US, at + SAME_MOMENT_US)
  }

  /** Whether the session is known to be one of the machine itself, or of somebody from nobody knows where: no endpoint led to it. */
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

  /**
   * The last arrival shortly before; with a user, the last one of that user. Where nobody says who did it, those who used the shares of
   * administration before those who merely logged on. None where the last of them came from nobody knows where, nor where it may have
   * been one of several people of whom one did.
   */
  before(endpointId: number, at: number, user: { id: number | null; name: string }): Arrival | undefined {
    const near = [
      ...this.#comers.between(`${endpointId}`, at - ARRIVAL_REACH_US, at + SAME_MOMENT_US),
    ].filter((one) => isSameUser(one, user))
    const isSaid = user.id !== null || user.name !== ''
    const likely = isSaid ? near : administering(near)
    const last = likely.at(-1)
    const isStranger = likely.some((one) => one.arrival === undefined && !isMachine(one.user))
    const isOne = isSaid || likely.every((one) => one.userId === last?.userId || isMachine(one.user))
    return isStranger && !isOne ? undefined : last?.arrival
  }
}

/** Of those who came, whoever used a share of administration, with all their logons; where nobody did, all. */
function administering(near: readonly Comer[]): readonly Comer[] {
  const users = new Set(near.flatMap((one) => (one.isByShare ? [one.userId] : [])))
  return users.size === 0 ? near : near.filter((one) => users.has(one.userId))
}

const isMachine = (account: string): boolean => account.endsWith('$')

/** Nothing known of the one who did it contradicts nobody. */
const isSameUser = (arrival: Comer, user: { id: number | null; name: string }): boolean =>
  user.id === null
    ? user.name === '' || nameOf(user.name) === nameOf(arrival.user)
    : user.id === arrival.userId
const nameOf = (account: string): string => splitAccount(account)[1].split('@')[0] ?? ''
