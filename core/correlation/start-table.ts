import { Column, partition, placesBy, sortedPlaces } from './columns.ts'
import { SumNumbers, sumOf } from './text-sums.ts'

/** A start as it is noted. */
export interface NotedStart {
  readonly eventId: number
  readonly endpointId: number
  readonly userId: number | null
  readonly at: number | null
  readonly pid: number | null
}

const orNaN = (value: number | null): number => value ?? NaN
const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value)

/**
 * Process starts in numbers, about seventy bytes each, by the place at which they were added. A company has millions: what is said of
 * one is read again when somebody asks.
 */
export class StartTable {
  readonly #event = new Column('number')
  readonly #endpoint = new Column('id')
  readonly #user = new Column('id')
  readonly #start = new Column('number')
  readonly #end = new Column('number')
  readonly #pid = new Column('number')
  /** 1 for those with further start events. */
  readonly #isTwice = new Column('id')
  /** Further start events: the process and the event. */
  readonly #also = { place: new Column('id'), event: new Column('number') }
  /** Names (endpoint and GUID) in the order they came, and whose each is. */
  readonly #names = new SumNumbers()
  readonly #named = new Column('id')
  /** Those with PID and time, by endpoint, PID and time. */
  #byPid: Uint32Array = new Uint32Array(0)
  #alsoOrder: Uint32Array = new Uint32Array(0)

  get length(): number {
    return this.#event.length
  }
  eventOf(place: number): number {
    return this.#event.at(place)
  }
  endpointOf(place: number): number {
    return this.#endpoint.at(place)
  }
  userOf(place: number): number | null {
    return this.#user.at(place) || null
  }
  startOf(place: number): number | null {
    return orNull(this.#start.at(place))
  }
  endOf(place: number): number | null {
    return orNull(this.#end.at(place))
  }
  pidOf(place: number): number | null {
    return orNull(this.#pid.at(place))
  }

  /** @returns its place */
  add(start: NotedStart): number {
    this.#event.push(start.eventId)
    this.#endpoint.push(start.endpointId)
    this.#user.push(start.userId ?? 0)
    this.#start.push(orNaN(start.at))
    this.#end.push(NaN)
    this.#pid.push(orNaN(start.pid))
    this.#isTwice.push(0)
    return this.length - 1
  }

  addEvent(place: number, eventId: number): void {
    this.#also.place.push(place)
    this.#also.event.push(eventId)
    this.#isTwice.set(place, 1)
  }

  /** Another event is to stand for the process: the one that did becomes a further one. */
  putFirst(place: number, eventId: number): void {
    this.addEvent(place, this.eventOf(place))
    this.#event.set(place, eventId)
  }
  setUser(place: number, userId: number): void {
    this.#user.set(place, userId)
  }

  setEnd(place: number, at: number | null): void {
    this.#end.set(place, orNaN(at))
  }

  setPid(place: number, pid: number): void {
    this.#pid.set(place, pid)
  }

  nameBy(endpointId: number, guid: string, place: number): void {
    const name = this.#names.number(sumOf(`${endpointId}|${guid}`))
    if (name === this.#named.length) this.#named.push(place)
    else this.#named.set(name, place)
  }

  withGuid(endpointId: number, guid: string): number | undefined {
    const name = this.#names.find(sumOf(`${endpointId}|${guid}`))
    return name === undefined ? undefined : this.#named.at(name)
  }

  /** To be called when all have been added, before the next ones are asked for. */
  arrange(): void {
    const all = sortedPlaces(this.length, (a, b) => this.#compare(a, this.#keyOf(b)))
    this.#byPid = all.filter((place) => this.pidOf(place) !== null && this.startOf(place) !== null)
    const { place: owners } = this.#also
    this.#alsoOrder = sortedPlaces(owners.length, (a, b) => owners.at(a) - owners.at(b))
  }

  /** Further start events of a process, in the order they came. */
  alsoOf(place: number): number[] {
    if (this.#isTwice.at(place) === 0) return []
    const { place: owners, event } = this.#also
    const order = this.#alsoOrder
    const events: number[] = []
    let next = partition(order.length, (one) => owners.at(order[one] ?? 0) < place)
    for (; next < order.length && owners.at(order[next] ?? 0) === place; next += 1)
      events.push(event.at(order[next] ?? 0))
    return events
  }

  /** The last one with this PID that started at or before the time. */
  lastWithPid(endpointId: number, pid: number, at: number): number | undefined {
    const order = this.#byPid
    const wanted = { endpointId, pid, at }
    const found = order[partition(order.length, (one) => this.#compare(order[one] ?? 0, wanted) <= 0) - 1]
    const isIt = found !== undefined && this.#endpoint.at(found) === endpointId && this.#pid.at(found) === pid
    return isIt ? found : undefined
  }

  /** Places of each endpoint, in the order of others. */
  byEndpoint(order: Uint32Array): Map<number, Uint32Array> {
    const lists = placesBy(order.length, (next) => this.#endpoint.at(order[next] ?? 0))
    for (const list of lists.values()) for (const [at, next] of list.entries()) list[at] = order[next] ?? 0
    return lists
  }

  #keyOf(place: number): { endpointId: number; pid: number; at: number } {
    return {
      endpointId: this.#endpoint.at(place),
      pid: this.pidOf(place) ?? -1,
      at: this.startOf(place) ?? -1,
    }
  }

  #compare(place: number, other: { endpointId: number; pid: number; at: number }): number {
    return (
      this.#endpoint.at(place) - other.endpointId ||
      (this.pidOf(place) ?? -1) - other.pid ||
      (this.startOf(place) ?? -1) - other.at
    )
  }
}
