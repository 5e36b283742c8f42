import { GuidSightings } from './guid-sightings.ts'
import { MentionedProcess, type ProcessFact } from './process-fact.ts'
import { isSameStart, programName } from './process-names.ts'
import type { ProcessList, ProcessStarts } from './process-starts.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

export type { ProcessFact } from './process-fact.ts'

/**
 * Processes of all endpoints. A GUID identifies a process; without one the PID does, at a time: the last process started
 * with that PID and not ended before (PIDs are reused). Each rule has its own: what one rule asks for changes nothing for
 * another, so that what a rule finds follows from the records alone.
 */
export class ProcessIndex {
  readonly #view: CorrelationView
  readonly #starts: ProcessStarts
  readonly #mentions = new Map<string, { readonly process: MentionedProcess; readonly by: ViewEvent }>()
  readonly #byKey = new Map<string, ViewEvent>()
  readonly #guids: GuidSightings

  constructor(view: CorrelationView, starts: ProcessStarts) {
    this.#view = view
    this.#starts = starts
    this.#guids = new GuidSightings(view, starts)
  }

  /** All processes with a recorded start, in time order. */
  get started(): ProcessList {
    return this.#starts.started
  }

  /** Processes that no start event tells of, with the first event that named them to this rule; grows while it asks. */
  get mentioned(): readonly { readonly process: ProcessFact; readonly by: ViewEvent }[] {
    return [...this.#mentions.values()]
  }

  /** Those of one endpoint, in time order. */
  startedOn(endpointId: number): ProcessList {
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
      (guid === undefined || !found.guids.some((name) => isSameStart(name, guid))) &&
      found.path !== '' &&
      programName(found.path) !== programName(path)
    const known = isReused ? undefined : found
    if (known || event.endpointId === null || (guid === undefined && path === undefined)) return known
    const byWords = `${event.endpointId}|${pid ?? ''}|${path?.toLowerCase() ?? ''}`
    // A log without GUIDs that names the same PID and program means the same process.
    const named =
      guid ?? (pid === undefined ? undefined : this.#guids.find(event.endpointId, byWords, event.at))
    const own = named === undefined ? `?${byWords}` : `${event.endpointId}|${named}`
    const mentioned = this.#mentions.get(own)
    if (mentioned) return mentioned.process
    const words = { path: path ?? '', commandLine, guid: named ?? null }
    const fact = new MentionedProcess(this.#view.entity(event.endpointId), pid ?? null, words)
    this.#mentions.set(own, { process: fact, by: event })
    this.#byKey.set(fact.key, event)
    return fact
  }
}
