import type { BookEntity } from '../identity/entity-book.ts'
import { EventRecall } from './case-reader.ts'
import type { EventFieldName } from '../model/event.ts'
import type { EntityDraft } from './rule.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

/** One process as its start event (or the first mention of it) tells. */
export interface ProcessFact {
  /** Made when asked for: most of a million processes are looked at without being drawn. */
  readonly draft: EntityDraft
  readonly endpointId: number
  readonly userId: number | null
  /** Start, microseconds UTC; null when the start was not recorded. */
  readonly startAt: number | null
  endAt: number | null
  readonly path: string
  readonly commandLine: string
  readonly pid: number | null
  readonly guid: string | null
  /** The start event; null for a process only mentioned by others. */
  readonly event: ViewEvent | null
  /** Further start events of the same process from another log. */
  readonly alsoStartedBy: readonly ViewEvent[]
}

/** Sysmon and the Security log write the same start within this time of each other. */
const SAME_START_US = 2_000_000

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

const baseName = (path: string) => (path.split(/[\\/]/).at(-1) ?? path).toLowerCase()

/**
 * Sysmon builds a GUID from machine, start second and token. The last part differs between records of one process when
 * Sysmon saw it with another token; machine and second together with the PID still name it.
 */
const isSameStart = (a: string, b: string) => a === b || startOf(a) === startOf(b)
/** Only ids that hold the start are cut to it: the ids of other products share their beginning on one machine. */
const startOf = (name: string) => (isGuid(name) || /^\d{10}-\d{7}-/.test(name) ? name.slice(0, 18) : name)

/** Sysmon names processes by GUID, other sensors by time and PID: names of two makes say nothing of each other. */
const isGuid = (name: string) => /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(name)
const isOtherMake = (a: string, b: string) => isGuid(a) !== isGuid(b)

/** What is told of a process. */
interface Words {
  readonly path: string
  readonly commandLine: string
  readonly guid: string | null
}

/** What an event of a start says of the process. */
const wordsOf = ({ fields }: ViewEvent): Words => ({
  path: fields.processPath ?? '',
  commandLine: fields.commandLine ?? '',
  guid: fields.processGuid ?? null,
})

/** A process whose start was recorded, in numbers; its words are read again when they are asked for. */
class Fact implements ProcessFact {
  readonly endpoint: BookEntity
  readonly userId: number | null
  readonly startAt: number | null
  endAt: number | null = null
  readonly pid: number | null
  /** Of a process that others only mention: what they say. */
  readonly #said: Words | undefined
  readonly #eventId: number
  readonly #recall: EventRecall | undefined
  #also: number[] | undefined

  /** @param told the events of starts, or what is said of a process whose start nothing tells of */
  constructor(endpoint: BookEntity, event: ViewEvent, pid: number | null, told: EventRecall | Words) {
    this.endpoint = endpoint
    this.pid = pid
    this.#eventId = event.id
    const isStart = told instanceof EventRecall
    this.#recall = isStart ? told : undefined
    this.#said = isStart ? undefined : told
    this.startAt = isStart ? event.at : null
    this.userId = isStart ? event.userId : null
  }

  get #words(): Words {
    return this.#said ?? wordsOf(this.#start as ViewEvent)
  }
  get #start(): ViewEvent | undefined {
    return this.#recall?.get(this.#eventId)
  }
  get path(): string {
    return this.#words.path
  }
  get commandLine(): string {
    return this.#words.commandLine
  }
  get guid(): string | null {
    return this.#words.guid
  }
  get event(): ViewEvent | null {
    return this.startAt === null ? null : (this.#start ?? null)
  }
  get alsoStartedBy(): readonly ViewEvent[] {
    const recall = this.#recall
    return this.#also === undefined || recall === undefined ? NONE : this.#also.map((id) => recall.get(id))
  }
  addStart(event: ViewEvent): void {
    if (this.#also === undefined) this.#also = [event.id]
    else this.#also.push(event.id)
  }

  get endpointId(): number {
    return this.endpoint.id
  }

  get key(): string {
    const { pid, startAt } = this
    const { path, guid } = this.#words
    // Two programs may start at one time: without a PID the path tells them apart.
    const identity =
      guid ??
      (pid === null ? `?${path.toLowerCase()}@${startAt ?? ''}` : `${pid}@${startAt ?? path.toLowerCase()}`)
    return `process:${this.endpoint.key}|${identity}`
  }

  get draft(): EntityDraft {
    const { endpoint, pid, startAt } = this
    const { path, commandLine, guid } = this.#words
    return {
      kind: 'process',
      key: this.key,
      name: path === '' ? `pid ${pid ?? '?'}` : (path.split(/[\\/]/).at(-1) ?? path),
      attributes: {
        endpoint: endpoint.name,
        ...(path === '' ? {} : { path }),
        ...(commandLine === '' ? {} : { commandLine: commandLine.slice(0, 4000) }),
        ...(pid === null ? {} : { pid }),
        ...(guid === null ? {} : { guid }),
        ...(startAt === null ? {} : { startedAt: startAt }),
      },
      aliases: [
        ...(guid === null ? [] : [{ kind: 'guid' as const, value: guid }]),
        ...(path === '' ? [] : [{ kind: 'path' as const, value: path }]),
        ...(pid === null ? [] : [{ kind: 'pid' as const, value: String(pid) }]),
      ],
    }
  }
}
const NONE: readonly ViewEvent[] = []

/** Processes with a recorded start: what all rules of a scope share, and never changes while they run. */
export class ProcessStarts {
  /** Endpoint -> GUID -> process. */
  readonly #byGuid = new Map<number, Map<string, Fact>>()
  /** Endpoint -> PID -> processes in the order of their starts; mostly one. */
  readonly #byPid = new Map<number, Map<number, Fact | Fact[]>>()
  readonly #recall: EventRecall
  /** In time order. */
  readonly started: Fact[] = []
  readonly #view: CorrelationView
  #byEndpoint: Map<number, Fact[]> | undefined

  constructor(view: CorrelationView) {
    this.#view = view
    this.#recall = view.recall(FIELDS)
    let areUnnamed = false
    for (const event of view.events(['process-start'], FIELDS))
      if (event.fields.processGuid === undefined) areUnnamed = true
      else this.#addStart(event)
    // Read once more: those of a log without GUIDs may be half of a case.
    if (areUnnamed)
      for (const event of view.events(['process-start'], FIELDS))
        if (event.fields.processGuid === undefined) this.#addStart(event)
    const keys = new Map<Fact, string>()
    const keyOf = (fact: Fact): string => {
      const key = keys.get(fact) ?? fact.key
      keys.set(fact, key)
      return key
    }
    this.started.sort((a, b) => (a.startAt ?? 0) - (b.startAt ?? 0) || (keyOf(a) < keyOf(b) ? -1 : 1))
    for (const pids of this.#byPid.values())
      for (const list of pids.values())
        if (Array.isArray(list)) list.sort((a, b) => (a.startAt ?? 0) - (b.startAt ?? 0))
    for (const event of view.events(['process-end'], ['pid', 'processGuid'])) {
      const process = this.find(event.endpointId, event.fields.processGuid, event.fields.pid, event.at)
      if (process) process.endAt = event.at
    }
  }

  hasGuid(endpointId: number, guid: string): boolean {
    return this.#byGuid.get(endpointId)?.has(guid) === true
  }

  #addStart(event: ViewEvent): void {
    const { fields, endpointId } = event
    if (endpointId === null) return
    this.#recall.keep(event)
    const guid = fields.processGuid
    const twin = this.#twinOf(event, endpointId)
    if (twin) {
      twin.addStart(event)
      if (guid !== undefined) this.#nameBy(endpointId, guid, twin)
      return
    }
    const known = guid === undefined ? undefined : this.#byGuid.get(endpointId)?.get(guid)
    if (known) {
      known.addStart(event)
      return
    }
    const fact = new Fact(this.#view.entity(endpointId), event, fields.pid ?? null, this.#recall)
    this.started.push(fact)
    if (guid !== undefined) this.#nameBy(endpointId, guid, fact)
    if (fields.pid !== undefined) this.#remember(endpointId, fields.pid, fact)
  }

  #nameBy(endpointId: number, guid: string, fact: Fact): void {
    const guids = this.#byGuid.get(endpointId)
    if (guids) guids.set(guid, fact)
    else this.#byGuid.set(endpointId, new Map([[guid, fact]]))
  }

  #withPid(endpointId: number, pid: number): readonly Fact[] {
    const list = this.#byPid.get(endpointId)?.get(pid)
    return list === undefined ? NO_FACTS : Array.isArray(list) ? list : [list]
  }

  /** Starts come in time order, so what lies near in time lies at the end of its list or close to where it would stand. */
  #twinOf(event: ViewEvent, endpointId: number): Fact | undefined {
    const { at } = event
    const { pid, processGuid: guid, processPath: path = '' } = event.fields
    if (pid === undefined || at === null) return undefined
    const list = this.#withPid(endpointId, pid)
    for (let index = firstFrom(list, at - SAME_START_US); index < list.length; index += 1) {
      const other = list[index]
      if (!other || other.startAt === null || other.startAt > at + SAME_START_US) break
      if (
        (guid === undefined || (other.guid !== null && isOtherMake(guid, other.guid))) &&
        baseName(other.path) === baseName(path)
      )
        return other
    }
    return undefined
  }

  #remember(endpointId: number, pid: number, fact: Fact): void {
    const pids = this.#byPid.get(endpointId) ?? new Map<number, Fact | Fact[]>()
    this.#byPid.set(endpointId, pids)
    const known = pids.get(pid)
    if (known === undefined) {
      pids.set(pid, fact)
      return
    }
    const list = Array.isArray(known) ? known : [known]
    pids.set(pid, list)
    // Sensors with GUIDs come first and others after them, each in the order of time.
    if ((list.at(-1)?.startAt ?? 0) <= (fact.startAt ?? 0)) list.push(fact)
    else list.splice(firstFrom(list, fact.startAt ?? 0), 0, fact)
  }

  on(endpointId: number): readonly Fact[] {
    if (this.#byEndpoint === undefined) {
      this.#byEndpoint = new Map<number, Fact[]>()
      for (const fact of this.started) {
        const list = this.#byEndpoint.get(fact.endpointId)
        if (list) list.push(fact)
        else this.#byEndpoint.set(fact.endpointId, [fact])
      }
    }
    return this.#byEndpoint.get(endpointId) ?? NO_FACTS
  }

  /** The process with this GUID, else the one that had this PID at the time. */
  find(
    endpointId: number | null,
    guid: string | undefined,
    pid: number | undefined,
    at: number | null,
  ): Fact | undefined {
    if (endpointId === null) return undefined
    if (guid !== undefined) {
      const exact = this.#byGuid.get(endpointId)?.get(guid)
      if (exact) return exact
    }
    if (pid === undefined || at === null) return undefined
    const candidates = this.#withPid(endpointId, pid)
    const candidate = candidates[firstFrom(candidates, at + 1) - 1]
    if (candidate === undefined || candidate.startAt === null) return undefined
    // A GUID that is known and another one cannot be the same process.
    if (
      guid !== undefined &&
      candidate.guid !== null &&
      !isOtherMake(candidate.guid, guid) &&
      !isSameStart(candidate.guid, guid)
    )
      return undefined
    return candidate.endAt === null || candidate.endAt >= at ? candidate : undefined
  }
}
const NO_FACTS: readonly Fact[] = []

/** Place of the first fact that started at the time or later; those without a time stand first. */
function firstFrom(list: readonly Fact[], at: number): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((list[middle]?.startAt ?? Number.NEGATIVE_INFINITY) < at) low = middle + 1
    else high = middle
  }
  return low
}

/** A GUID under which records without one may speak of a process: who they call by the same PID and program. */
interface Sighting {
  readonly guid: string
  readonly first: number
}
const mentions = (guid: string, pid: string, path: string) => (condition: string) =>
  `SELECT g.endpoint_id AS endpointId, i.v AS guid, g.pid, p.v AS path, g.first FROM (
    SELECT endpoint_id, ${guid} AS guid, ${pid} AS pid, ${path} AS path, min(coalesce(at, 0)) AS first FROM event
    WHERE ${guid} IS NOT NULL AND ${pid} IS NOT NULL AND ${path} IS NOT NULL AND endpoint_id IS NOT NULL${condition}
    GROUP BY endpoint_id, ${guid}, ${pid}, ${path}) g JOIN str i ON i.id = g.guid JOIN str p ON p.id = g.path ORDER BY g.first, i.v`
const MENTIONS = [
  mentions('process_guid', 'pid', 'process_path'),
  mentions('parent_guid', 'parent_pid', 'parent_path'),
  mentions('target_guid', 'target_pid', 'target'),
]

/**
 * Processes of all endpoints. A GUID identifies a process; without one the PID does, at a time: the last process started
 * with that PID and not ended before (PIDs are reused). Each rule has its own: what one rule asks for changes nothing for
 * another, so that what a rule finds follows from the records alone.
 */
export class ProcessIndex {
  readonly #view: CorrelationView
  readonly #starts: ProcessStarts
  readonly #mentions = new Map<string, { readonly process: Fact; readonly by: ViewEvent }>()
  readonly #byKey = new Map<string, ViewEvent>()
  /** By endpoint: listed when one is first asked for. */
  readonly #guids = new Map<number, Map<string, Sighting[]>>()

  constructor(view: CorrelationView, starts: ProcessStarts) {
    this.#view = view
    this.#starts = starts
  }

  /** All processes with a recorded start, in time order. */
  get started(): readonly ProcessFact[] {
    return this.#starts.started
  }

  /** Processes that no start event tells of, with the first event that named them to this rule; grows while it asks. */
  get mentioned(): readonly { readonly process: ProcessFact; readonly by: ViewEvent }[] {
    return [...this.#mentions.values()]
  }

  /** Those of one endpoint, in time order. */
  startedOn(endpointId: number): readonly ProcessFact[] {
    return this.#starts.on(endpointId)
  }

  /** The event that named the process with this key to the rule; undefined when its start was recorded. */
  mentionOf(key: string): ViewEvent | undefined {
    return this.#byKey.get(key)
  }

  /** The process with this GUID, else the one that had this PID at the time. */
  find(
    endpointId: number | null,
    guid: string | undefined,
    pid: number | undefined,
    at: number | null,
  ): ProcessFact | undefined {
    const known = guid === undefined ? undefined : this.#mentions.get(`${endpointId}|${guid}`)?.process
    return known ?? this.#starts.find(endpointId, guid, pid, at)
  }

  /** The process an event speaks of as its actor; made from the event's own words when its start was not recorded. */
  actorOf(event: ViewEvent): ProcessFact | undefined {
    const { processGuid, pid, processPath } = event.fields
    return this.#findOrMake(event, processGuid, pid, processPath, '')
  }

  /** The parent named by a process start. */
  parentOf(event: ViewEvent): ProcessFact | undefined {
    const { parentGuid, parentPid, parentPath, parentCommandLine } = event.fields
    return this.#findOrMake(event, parentGuid, parentPid, parentPath, parentCommandLine ?? '')
  }

  /** The process acted on (`target*` fields). */
  targetOf(event: ViewEvent): ProcessFact | undefined {
    const { targetGuid, targetPid, target } = event.fields
    return this.#findOrMake(event, targetGuid, targetPid, target, '')
  }

  #findOrMake(
    event: ViewEvent,
    guid: string | undefined,
    pid: number | undefined,
    said: string | undefined,
    commandLine: string,
  ): ProcessFact | undefined {
    // Sysmon writes a question mark where it missed the image.
    const path = said === '?' ? undefined : said
    const found = this.#starts.find(event.endpointId, guid, pid, event.at)
    // Found by a PID that meanwhile belongs to another program: the start of the one meant was not recorded.
    const isReused =
      found !== undefined &&
      path !== undefined &&
      (guid === undefined || found.guid === null || !isSameStart(found.guid, guid)) &&
      found.path !== '' &&
      baseName(found.path) !== baseName(path)
    const known = isReused ? undefined : found
    if (known || event.endpointId === null || (guid === undefined && path === undefined)) return known
    const byWords = `${event.endpointId}|${pid ?? ''}|${path?.toLowerCase() ?? ''}`
    // A log without GUIDs that names the same PID and program means the same process.
    const named = guid ?? (pid === undefined ? undefined : this.#guidOf(event.endpointId, byWords, event.at))
    const own = named === undefined ? `?${byWords}` : `${event.endpointId}|${named}`
    const mentioned = this.#mentions.get(own)
    if (mentioned) return mentioned.process
    const words = { path: path ?? '', commandLine, guid: named ?? null }
    const fact = new Fact(this.#view.entity(event.endpointId), event, pid ?? null, words)
    this.#mentions.set(own, { process: fact, by: event })
    this.#byKey.set(fact.key, event)
    return fact
  }

  /** The GUID a process of this PID and program is called by elsewhere: the last one seen before, else the first after. */
  #guidOf(endpointId: number, byWords: string, at: number | null): string | undefined {
    const list = this.#guidsOn(endpointId).get(byWords)
    return (list?.findLast((one) => one.first <= (at ?? 0)) ?? list?.[0])?.guid
  }

  #guidsOn(endpointId: number): Map<string, Sighting[]> {
    const known = this.#guids.get(endpointId)
    if (known) return known
    const guids = new Map<string, Sighting[]>()
    this.#guids.set(endpointId, guids)
    const seen = new Set<string>()
    for (const sql of MENTIONS)
      for (const row of this.#view.everyEventOn<{
        endpointId: number
        guid: string
        pid: number
        path: string
        first: number
      }>(endpointId, sql)) {
        if (this.#starts.hasGuid(endpointId, row.guid)) continue
        const key = `${endpointId}|${row.pid}|${row.path.toLowerCase()}`
        if (seen.has(`${key}|${row.guid}`)) continue
        seen.add(`${key}|${row.guid}`)
        const sighting = { guid: row.guid, first: row.first }
        const list = guids.get(key)
        if (list) list.push(sighting)
        else guids.set(key, [sighting])
      }
    for (const list of guids.values()) list.sort((a, b) => a.first - b.first || (a.guid < b.guid ? -1 : 1))
    return guids
  }
}
