import type { EventFieldName } from '../model/event.ts'
import type { EventRecall } from './case-reader.ts'
import { Column, placesBy } from './columns.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

/** One logon session: user on endpoint from logon to logoff. */
export interface Session {
  readonly userId: number
  readonly endpointId: number
  readonly from: number
  readonly to: number | null
  readonly logonType: number | null
  readonly logonId: string | null
  readonly event: ViewEvent
}

/** An endpoint a user worked on, and when. */
export interface Workplace {
  readonly endpointId: number
  readonly first: number
  readonly last: number
  /** By an interactive logon or own processes. */
  readonly interactive: boolean
}

type Open<T> = { -readonly [K in keyof T]: T[K] }

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

/** Logon sessions by (endpoint, logon id), valid from 4624 to 4634/4647 or the next start of the system; forty bytes each. */
export class SessionIndex {
  readonly #recall: EventRecall
  readonly #user = new Column('id')
  readonly #endpoint = new Column('id')
  readonly #from = new Column('number')
  /** NaN while it is open. */
  readonly #to = new Column('number')
  /** NaN for none. */
  readonly #type = new Column('number')
  readonly #event = new Column('number')
  readonly #workplaces = new Map<number, Map<number, Open<Workplace>>>()

  #byEndpoint: Map<number, Uint32Array> | undefined

  constructor(view: CorrelationView) {
    this.#recall = view.recall(FIELDS)
    const open = new OpenSessions()
    for (const event of view.events(['logon', 'logoff', 'system-start'], FIELDS)) {
      if (event.endpointId === null || event.at === null) continue
      if (event.kind === 'system-start')
        for (const place of open.closeAll(event.endpointId)) this.#to.set(place, event.at)
      else this.#note(event, event.endpointId, event.at, open)
    }
    // A process that runs as a user also says where the user was.
    for (const { userId, endpointId, startAt } of view.processes.started)
      if (userId !== null && startAt !== null) this.#touch(userId, endpointId, startAt, true)
  }

  #note(event: ViewEvent, endpointId: number, at: number, open: OpenSessions): void {
    const logonId = event.fields.targetLogonId ?? event.fields.logonId ?? null
    const key = logonId ?? `#${event.id}`
    if (event.kind === 'logoff') {
      const place = open.close(endpointId, key)
      if (place !== undefined) this.#to.set(place, at)
      return
    }
    if (event.userId === null) return
    const { logonType = null } = event.fields
    open.open(endpointId, key, this.#user.length)
    this.#user.push(event.userId)
    this.#endpoint.push(endpointId)
    this.#from.push(at)
    this.#to.push(NaN)
    this.#type.push(logonType ?? NaN)
    this.#event.push(event.id)
    this.#recall.keep(event)
    this.#touch(event.userId, endpointId, at, logonType !== null && INTERACTIVE.has(logonType))
  }

  #touch(userId: number, endpointId: number, at: number, interactive: boolean): void {
    const places = this.#workplaces.get(userId) ?? new Map<number, Open<Workplace>>()
    this.#workplaces.set(userId, places)
    const known = places.get(endpointId)
    if (!known) places.set(endpointId, { endpointId, first: at, last: at, interactive })
    else {
      if (at < known.first) known.first = at
      if (at > known.last) known.last = at
      known.interactive ||= interactive
    }
  }

  /** All, in the order of their logons. */
  get all(): Iterable<Session> {
    return this.#of(this.#user.length, (next) => next)
  }

  /** Whether the endpoint has logons on record. */
  isRecorded(endpointId: number): boolean {
    return this.#on(endpointId).length > 0
  }

  /** Those of one endpoint, in the order of their logons. */
  on(endpointId: number): Iterable<Session> {
    const places = this.#on(endpointId)
    return this.#of(places.length, (next) => places[next] ?? 0)
  }

  #on(endpointId: number): Uint32Array {
    this.#byEndpoint ??= placesBy(this.#endpoint.length, (place) => this.#endpoint.at(place))
    return this.#byEndpoint.get(endpointId) ?? NONE
  }

  *#of(count: number, placeOf: (next: number) => number): Generator<Session> {
    for (let next = 0; next < count; next += 1) yield this.#at(placeOf(next))
  }

  #at(place: number): Session {
    const recall = this.#recall
    const eventId = this.#event.at(place)
    const [to, type] = [this.#to.at(place), this.#type.at(place)]
    return {
      userId: this.#user.at(place),
      endpointId: this.#endpoint.at(place),
      from: this.#from.at(place),
      to: Number.isNaN(to) ? null : to,
      logonType: Number.isNaN(type) ? null : type,
      get event() {
        return recall.get(eventId)
      },
      get logonId() {
        const { targetLogonId, logonId } = recall.get(eventId).fields
        return targetLogonId ?? logonId ?? null
      },
    }
  }

  /** Endpoints a user worked on (interactive logon or own processes) or logged on to, with the time span. */
  endpointsOf(userId: number): readonly Workplace[] {
    return [...(this.#workplaces.get(userId)?.values() ?? [])]
  }

  /** Whether the user is known to work on the endpoint. */
  isUserOf(userId: number, endpointId: number): boolean {
    return this.#workplaces.get(userId)?.get(endpointId)?.interactive === true
  }
}

const NONE = new Uint32Array(0)

/** Sessions that have not ended yet, while logons are read: endpoint, logon id, place. */
class OpenSessions {
  readonly #places = new Map<number, Map<string, number>>()

  open(endpointId: number, key: string, place: number): void {
    const open = this.#places.get(endpointId)
    if (open) open.set(key, place)
    else this.#places.set(endpointId, new Map([[key, place]]))
  }

  close(endpointId: number, key: string): number | undefined {
    const open = this.#places.get(endpointId)
    const place = open?.get(key)
    open?.delete(key)
    return place
  }

  closeAll(endpointId: number): Iterable<number> {
    const open = this.#places.get(endpointId)
    this.#places.delete(endpointId)
    return open?.values() ?? []
  }
}
