import type { EventFieldName } from '../model/event.ts'
import type { EventRecall } from './case-reader.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

/** One logon session: user on endpoint from logon to logoff. */
export interface Session {
  readonly userId: number
  readonly endpointId: number
  readonly from: number
  to: number | null
  readonly logonType: number | null
  readonly logonId: string | null
  readonly event: ViewEvent
}

/** A session in numbers; its event is read again when it is asked for. */
class StoredSession implements Session {
  readonly userId: number
  readonly endpointId: number
  readonly from: number
  to: number | null = null
  readonly logonType: number | null
  readonly #eventId: number
  readonly #recall: EventRecall

  constructor(event: ViewEvent, userId: number, endpointId: number, from: number, recall: EventRecall) {
    this.userId = userId
    this.endpointId = endpointId
    this.from = from
    this.logonType = event.fields.logonType ?? null
    this.#eventId = event.id
    this.#recall = recall
    recall.keep(event)
  }

  get event(): ViewEvent {
    return this.#recall.get(this.#eventId)
  }
  get logonId(): string | null {
    const { targetLogonId, logonId } = this.event.fields
    return targetLogonId ?? logonId ?? null
  }
}

const FIELDS: readonly EventFieldName[] = [
  'logonId',
  'targetLogonId',
  'logonType',
  'sourceIp',
  'sourceHost',
  'sourcePort',
  'account',
  'authentication',
]

/** Logon types where a person sits at the machine or a remote desktop: 2, 7, 10, 11, 12, 13 (formats.md A3.3). */
const INTERACTIVE = new Set([2, 7, 10, 11, 12, 13])

/** Logon sessions by (endpoint, logon id), valid from 4624 to 4634/4647 or the next start of the system. */
export class SessionIndex {
  readonly all: Session[] = []
  readonly #recall: EventRecall
  /** Endpoint -> logon id -> session. */
  readonly #open = new Map<number, Map<string, Session>>()
  readonly #endpointsOfUser = new Map<
    number,
    Map<number, { first: number; last: number; interactive: boolean; event: ViewEvent }>
  >()

  constructor(view: CorrelationView) {
    this.#recall = view.recall(FIELDS)
    for (const event of view.events(['logon', 'logoff', 'system-start'], FIELDS)) {
      if (event.endpointId === null || event.at === null) continue
      if (event.kind === 'system-start') this.#closeAll(event.endpointId, event.at)
      else this.#note(event, event.endpointId, event.at)
    }
    // A process that runs as a user also says where the user was.
    for (const process of view.processes.started) {
      if (process.userId === null || process.startAt === null || !process.event) continue
      this.#touch(process.userId, process.endpointId, process.startAt, true, process.event)
    }
  }

  #note(event: ViewEvent, endpointId: number, at: number): void {
    const logonId = event.fields.targetLogonId ?? event.fields.logonId ?? null
    const key = logonId ?? `#${event.id}`
    const open = this.#open.get(endpointId) ?? new Map<string, Session>()
    this.#open.set(endpointId, open)
    if (event.kind === 'logoff') {
      const session = open.get(key)
      if (session) session.to = at
      open.delete(key)
      return
    }
    if (event.userId === null) return
    const { logonType = null } = event.fields
    const session = new StoredSession(event, event.userId, endpointId, at, this.#recall)
    this.all.push(session)
    open.set(key, session)
    this.#touch(event.userId, endpointId, at, logonType !== null && INTERACTIVE.has(logonType), event)
  }

  #closeAll(endpointId: number, at: number): void {
    for (const session of this.#open.get(endpointId)?.values() ?? []) session.to = at
    this.#open.delete(endpointId)
  }

  #touch(userId: number, endpointId: number, at: number, interactive: boolean, event: ViewEvent): void {
    const endpoints =
      this.#endpointsOfUser.get(userId) ??
      new Map<number, { first: number; last: number; interactive: boolean; event: ViewEvent }>()
    this.#endpointsOfUser.set(userId, endpoints)
    const known = endpoints.get(endpointId)
    if (!known) endpoints.set(endpointId, { first: at, last: at, interactive, event })
    else {
      if (at < known.first) known.first = at
      if (at > known.last) known.last = at
      known.interactive ||= interactive
    }
  }

  /** Endpoints a user worked on (interactive logon or own processes), with the time span. */
  endpointsOf(
    userId: number,
  ): readonly { endpointId: number; first: number; last: number; interactive: boolean; event: ViewEvent }[] {
    return [...(this.#endpointsOfUser.get(userId) ?? [])].map(([endpointId, span]) => ({
      endpointId,
      ...span,
    }))
  }

  /** Whether the user is known to work on the endpoint. */
  isUserOf(userId: number, endpointId: number): boolean {
    return this.#endpointsOfUser.get(userId)?.get(endpointId)?.interactive === true
  }
}
