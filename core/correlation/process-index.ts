import type { EventFieldName } from '../model/event.ts'
import type { EntityDraft } from './rule.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

/** One process as its start event (or the first mention of it) tells. */
export interface ProcessFact {
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
  readonly alsoStartedBy: ViewEvent[]
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

/**
 * Processes of all endpoints. A GUID identifies a process; without one the PID does, at a time: the last process started
 * with that PID and not ended before (PIDs are reused).
 */
export class ProcessIndex {
  readonly #view: CorrelationView
  readonly #byGuid = new Map<string, ProcessFact>()
  readonly #byPid = new Map<string, ProcessFact[]>()
  /** All processes with a recorded start, in time order. */
  readonly started: ProcessFact[] = []
  /** Processes that no start event tells of, with the first event that names them; grows while rules ask for them. */
  readonly mentioned: { readonly process: ProcessFact; readonly by: ViewEvent }[] = []

  constructor(view: CorrelationView) {
    this.#view = view
    const starts = [...view.events(['process-start'], FIELDS)].filter((event) => event.endpointId !== null)
    for (const event of starts) if (event.fields.processGuid !== undefined) this.#addStart(event)
    for (const event of starts) if (event.fields.processGuid === undefined) this.#addStart(event)
    this.started.sort((a, b) => (a.startAt ?? 0) - (b.startAt ?? 0) || (a.draft.key < b.draft.key ? -1 : 1))
    for (const list of this.#byPid.values()) list.sort((a, b) => (a.startAt ?? 0) - (b.startAt ?? 0))
    for (const event of view.events(['process-end'], ['pid', 'processGuid'])) {
      const process = this.find(event.endpointId, event.fields.processGuid, event.fields.pid, event.at)
      if (process) process.endAt = event.at
    }
  }

  #addStart(event: ViewEvent): void {
    const { fields } = event
    const endpointId = event.endpointId as number
    const path = fields.processPath ?? ''
    const guid = fields.processGuid
    if (fields.pid !== undefined) {
      const twin = this.#byPid
        .get(`${endpointId}|${fields.pid}`)
        ?.find(
          (other) =>
            (guid === undefined || (other.guid !== null && isOtherMake(guid, other.guid))) &&
            other.startAt !== null &&
            event.at !== null &&
            Math.abs(other.startAt - event.at) <= SAME_START_US &&
            baseName(other.path) === baseName(path),
        )
      if (twin) {
        twin.alsoStartedBy.push(event)
        if (guid !== undefined) this.#byGuid.set(`${endpointId}|${guid}`, twin)
        return
      }
    }
    const known =
      fields.processGuid === undefined ? undefined : this.#byGuid.get(`${endpointId}|${fields.processGuid}`)
    if (known) {
      known.alsoStartedBy.push(event)
      return
    }
    const fact = this.#fact(
      event,
      path,
      fields.commandLine ?? '',
      fields.pid ?? null,
      fields.processGuid ?? null,
      event.at,
    )
    this.started.push(fact)
    this.#remember(fact)
  }

  #fact(
    event: ViewEvent,
    path: string,
    commandLine: string,
    pid: number | null,
    guid: string | null,
    startAt: number | null,
  ): ProcessFact {
    const endpoint = this.#view.entity(event.endpointId as number)
    // Two programs may start at one time: without a PID the path tells them apart.
    const identity =
      guid ??
      (pid === null ? `?${path.toLowerCase()}@${startAt ?? ''}` : `${pid}@${startAt ?? path.toLowerCase()}`)
    return {
      draft: {
        kind: 'process',
        key: `process:${endpoint.key}|${identity}`,
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
      },
      endpointId: endpoint.id,
      userId: event.userId,
      startAt,
      endAt: null,
      path,
      commandLine,
      pid,
      guid,
      event: startAt === null ? null : event,
      alsoStartedBy: [],
    }
  }

  #remember(fact: ProcessFact): void {
    if (fact.guid !== null) this.#byGuid.set(`${fact.endpointId}|${fact.guid}`, fact)
    if (fact.pid === null) return
    const key = `${fact.endpointId}|${fact.pid}`
    const list = this.#byPid.get(key)
    if (list) list.push(fact)
    else this.#byPid.set(key, [fact])
  }

  /** The process with this GUID, else the one that had this PID at the time. */
  find(
    endpointId: number | null,
    guid: string | undefined,
    pid: number | undefined,
    at: number | null,
  ): ProcessFact | undefined {
    if (endpointId === null) return undefined
    if (guid !== undefined) {
      const exact = this.#byGuid.get(`${endpointId}|${guid}`)
      if (exact) return exact
    }
    if (pid === undefined || at === null) return undefined
    const candidates = this.#byPid.get(`${endpointId}|${pid}`) ?? []
    for (let index = candidates.length - 1; index >= 0; index -= 1) {
      const candidate = candidates[index]
      if (!candidate || candidate.startAt === null || candidate.startAt > at) continue
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
    return undefined
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
    const found = this.find(event.endpointId, guid, pid, event.at)
    // Found by a PID that meanwhile belongs to another program: the start of the one meant was not recorded.
    const isReused =
      found !== undefined &&
      path !== undefined &&
      (guid === undefined || found.guid === null || !isSameStart(found.guid, guid)) &&
      found.path !== '' &&
      baseName(found.path) !== baseName(path)
    const known = isReused ? undefined : found
    if (known || event.endpointId === null || (guid === undefined && path === undefined)) return known
    const byWords = `${event.endpointId}|?${pid}|${path?.toLowerCase()}`
    const own = guid === undefined ? byWords : `${event.endpointId}|${guid}`
    const mentioned = this.#byGuid.get(own)
    if (mentioned) return mentioned
    const fact = {
      ...this.#fact(event, path ?? '', commandLine, pid ?? null, guid ?? null, null),
      userId: null,
    }
    this.#byGuid.set(own, fact)
    // A log without GUIDs that names the same PID and program means the same process.
    if (pid !== undefined && path !== undefined) this.#byGuid.set(byWords, fact)
    this.mentioned.push({ process: fact, by: event })
    return fact
  }
}
