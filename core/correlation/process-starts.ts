import type { BookEntity } from '../identity/entity-book.ts'
import type { EventFieldName } from '../model/event.ts'
import type { EventRecall } from './case-reader.ts'
import { sortedPlaces } from './columns.ts'
import { NamedProcess, type ProcessFact, type ProcessWords } from './process-fact.ts'
import { isOtherMake, mayBeCalled, programName } from './process-names.ts'
import { compareReadings } from './process-readings.ts'
import { StartTable } from './start-table.ts'
import { TwinStarts } from './twin-starts.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

const FIELDS: readonly EventFieldName[] = [
  'processPath',
  'commandLine',
  'pid',
  'processGuid',
  'parentPath',
  'parentCommandLine',
  'parentPid',
  'parentGuid',
  'sha256',
  'sha1',
  'md5',
  'logonId',
  'target',
]

/** Events read at once for somebody who goes through processes and asks what each is. */
const AHEAD = 64
/** Who asked for one of the last so many asks for the next ones. */
const STEADY = 4

/** A process whose start was recorded, by its place in the table; its words are read again when they are asked for. */
export class StartedProcess extends NamedProcess implements ProcessFact {
  readonly place: number
  readonly #starts: ProcessStarts

  constructor(starts: ProcessStarts, place: number) {
    super()
    this.#starts = starts
    this.place = place
  }

  get endpoint(): BookEntity {
    return this.#starts.endpointOf(this.place)
  }
  get userId(): number | null {
    return this.#starts.table.userOf(this.place)
  }
  get pid(): number | null {
    return this.#starts.table.pidOf(this.place)
  }
  get startAt(): number | null {
    return this.#starts.table.startOf(this.place)
  }
  get endAt(): number | null {
    return this.#starts.table.endOf(this.place)
  }
  get eventId(): number {
    return this.#starts.table.eventOf(this.place)
  }
  get event(): ViewEvent | null {
    return this.startAt === null ? null : this.#starts.eventOf(this.place)
  }
  get alsoStartedBy(): readonly ViewEvent[] {
    return this.#starts.table.alsoOf(this.place).map((id) => this.#starts.eventWith(id))
  }
  protected get words(): ProcessWords {
    const { fields } = this.#starts.eventOf(this.place)
    const guid = fields.processGuid ?? null
    const others = this.alsoStartedBy.map((event) => event.fields)
    // What one log leaves out another may say.
    const said = (name: 'processPath' | 'commandLine'): string =>
      fields[name] ?? others.find((other) => other[name] !== undefined)?.[name] ?? ''
    const guids = new Set(others.flatMap(({ processGuid }) => processGuid ?? []))
    if (guid !== null) guids.delete(guid)
    return {
      path: said('processPath'),
      commandLine: said('commandLine'),
      guid,
      ...(guids.size === 0 ? {} : { otherGuids: [...guids].sort() }),
    }
  }
}

/** Processes in an order; read as they are gone through. */
export class ProcessList implements Iterable<StartedProcess> {
  readonly #starts: ProcessStarts
  readonly #places: Uint32Array

  constructor(starts: ProcessStarts, places: Uint32Array) {
    this.#starts = starts
    this.#places = places
  }

  get length(): number {
    return this.#places.length
  }
  at(index: number): StartedProcess | undefined {
    const place = this.#places[index]
    return place === undefined ? undefined : this.#starts.at(place)
  }
  *[Symbol.iterator](): Generator<StartedProcess> {
    for (const [index, place] of this.#places.entries()) {
      this.#starts.goTo(this.#places, index)
      yield this.#starts.at(place)
    }
  }
  map<T>(make: (process: StartedProcess) => T): T[] {
    return Array.from(this, make)
  }
}

/** Processes with a recorded start: what all rules of a scope share, and never changes while they run. */
export class ProcessStarts {
  readonly table = new StartTable()
  /** In time order. */
  readonly started: ProcessList
  readonly #recall: EventRecall
  readonly #view: CorrelationView
  readonly #order: Uint32Array
  /** Those of one endpoint, which rules compare with each other; of the whole case none is kept. */
  readonly #made: (StartedProcess | undefined)[] | undefined
  #byEndpoint: Map<number, Uint32Array> | undefined
  /** Where somebody is who goes through them. */
  #going: { places: Uint32Array; index: number; asked: number } | undefined

  /** @param isWhole of the whole case, not of one endpoint */
  constructor(view: CorrelationView, isWhole: boolean) {
    this.#view = view
    this.#recall = view.recall(FIELDS)
    this.#made = isWhole ? undefined : []
    this.#readStarts()
    this.table.arrange()
    this.#order = this.#inTime()
    this.started = new ProcessList(this, this.#order)
    for (const event of view.events(['process-end'], ['pid', 'processGuid'])) {
      const place = this.#placeOf(event.endpointId, event.fields.processGuid, event.fields.pid, event.at)
      if (place !== undefined) this.table.setEnd(place, event.at)
    }
  }

  at(place: number): StartedProcess {
    return this.#made === undefined
      ? new StartedProcess(this, place)
      : (this.#made[place] ??= new StartedProcess(this, place))
  }

  endpointOf(place: number): BookEntity {
    return this.#view.entity(this.table.endpointOf(place))
  }

  hasGuid(endpointId: number, guid: string): boolean {
    return this.table.withGuid(endpointId, guid) !== undefined
  }

  /** Those of one endpoint, in time order. */
  on(endpointId: number): ProcessList {
    this.#byEndpoint ??= this.table.byEndpoint(this.#order)
    return new ProcessList(this, this.#byEndpoint.get(endpointId) ?? NO_PLACES)
  }

  /** The process with this GUID, else the one that had this PID at the time. */
  find(
    endpointId: number | null,
    guid: string | undefined,
    pid: number | undefined,
    at: number | null,
  ): StartedProcess | undefined {
    const place = this.#placeOf(endpointId, guid, pid, at)
    return place === undefined ? undefined : this.at(place)
  }

  goTo(places: Uint32Array, index: number): void {
    if (this.#going?.places === places) this.#going.index = index
    else this.#going = { places, index, asked: -Infinity }
  }

  eventWith(id: number): ViewEvent {
    return this.#recall.get(id)
  }

  eventOf(place: number): ViewEvent {
    const id = this.table.eventOf(place)
    const going = this.#going
    if (going && going.places[going.index] === place && !this.#recall.has(id)) {
      if (going.index - going.asked <= STEADY) {
        const next = going.places.subarray(going.index, going.index + AHEAD)
        this.#recall.readAll(Array.from(next, (one) => this.table.eventOf(one)))
        going.asked = going.index + next.length - 1
      } else going.asked = going.index
    }
    return this.#recall.get(id)
  }

  #readStarts(): void {
    const twins = new TwinStarts()
    let areUnnamed = false
    for (const event of this.#view.events(['process-start'], FIELDS))
      if (event.fields.processGuid === undefined) areUnnamed = true
      else this.#addStart(event, twins)
    // Read once more: those of a log without GUIDs may be half of a case.
    if (areUnnamed) this.#readUnnamed()
  }

  #readUnnamed(): void {
    const { table } = this
    const [twins, named] = [new TwinStarts(), table.length]
    let next = 0
    for (const event of this.#view.events(['process-start'], FIELDS)) {
      if (event.fields.processGuid !== undefined) continue
      for (; event.at !== null && next < named; next += 1) {
        const [at, pid] = [table.startOf(next), table.pidOf(next)]
        if (at !== null && at > TwinStarts.reach(event.at)) break
        if (at !== null) this.#addTwin(twins, next, at, pid)
      }
      this.#addStart(event, twins)
    }
  }

  #addStart(event: ViewEvent, twins: TwinStarts): void {
    const { id, fields, endpointId, at, userId } = event
    if (endpointId === null) return
    this.#recall.keep(event)
    const { processGuid: guid, pid } = fields
    const twin = this.#twinOf(event, endpointId, twins)
    const known = twin ?? (guid === undefined ? undefined : this.table.withGuid(endpointId, guid))
    if (known !== undefined) {
      this.#addReading(known, event)
      if (guid !== undefined) this.table.nameBy(endpointId, guid, known)
      return
    }
    const place = this.table.add({ eventId: id, endpointId, userId, at, pid: pid ?? null })
    if (guid !== undefined) this.table.nameBy(endpointId, guid, place)
    if (pid !== undefined && at !== null) twins.add(endpointId, pid, at, place)
  }

  /** Another record of a start: the one that tells most stands for the process, and others add what it leaves out. */
  #addReading(place: number, event: ViewEvent): void {
    const { table } = this
    const isBetter = compareReadings(event, this.#recall.get(table.eventOf(place))) < 0
    if (isBetter) table.putFirst(place, event.id)
    else table.addEvent(place, event.id)
    if (event.userId !== null && (isBetter || table.userOf(place) === null))
      table.setUser(place, event.userId)
    if (event.fields.pid !== undefined && table.pidOf(place) === null) table.setPid(place, event.fields.pid)
  }

  /** Some collectors lose the PID of Sysmon's own records (NXLog): the parent's and the command line tell them then. */
  #addTwin(twins: TwinStarts, place: number, at: number, pid: number | null): void {
    const parent = pid === null ? this.eventOf(place).fields.parentPid : undefined
    const by = pid ?? (parent === undefined ? undefined : (`parent ${parent}` as const))
    if (by !== undefined) twins.add(this.table.endpointOf(place), by, at, place)
  }

  #twinOf(event: ViewEvent, endpointId: number, twins: TwinStarts): number | undefined {
    const { at } = event
    const { pid, processGuid: guid, processPath: path = '', parentPid, commandLine = '' } = event.fields
    if (pid === undefined || at === null) return undefined
    const withoutPid =
      guid === undefined && parentPid !== undefined
        ? twins
            .around(endpointId, `parent ${parentPid}`, at)
            .filter((place) => isSameCommand(this.at(place).commandLine, commandLine))
        : []
    return [...twins.around(endpointId, pid, at), ...withoutPid].find((place) => {
      const other = this.at(place)
      return (
        (guid === undefined || (other.guid !== null && isOtherMake(guid, other.guid))) &&
        programName(other.path) === programName(path)
      )
    })
  }

  #inTime(): Uint32Array {
    const keys = new Map<number, string>()
    const keyOf = (place: number): string => {
      const key = keys.get(place) ?? this.at(place).key
      keys.set(place, key)
      return key
    }
    const timeOf = (place: number): number => this.table.startOf(place) ?? 0
    return sortedPlaces(
      this.table.length,
      (a, b) => timeOf(a) - timeOf(b) || (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0),
    )
  }

  #placeOf(
    endpointId: number | null,
    guid: string | undefined,
    pid: number | undefined,
    at: number | null,
  ): number | undefined {
    if (endpointId === null) return undefined
    const exact = guid === undefined ? undefined : this.table.withGuid(endpointId, guid)
    if (exact !== undefined || pid === undefined || at === null) return exact
    const place = this.table.lastWithPid(endpointId, pid, at)
    if (place === undefined) return undefined
    // A GUID that is known and another one cannot be the same process.
    if (guid !== undefined && !mayBeCalled(this.at(place).guids, guid)) return undefined
    const end = this.table.endOf(place)
    return end === null || end >= at ? place : undefined
  }
}
/** A log may leave command lines out. */
const isSameCommand = (a: string, b: string): boolean => a === '' || b === '' || a.trim() === b.trim()
const NO_PLACES = new Uint32Array(0)
