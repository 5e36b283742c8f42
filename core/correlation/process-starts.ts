import type { EventRecall } from './case-reader.ts'
import type { EventFieldName } from '../model/event.ts'
import { StoredProcess } from './process-fact.ts'
import { isOtherMake, isSameStart, programName } from './process-names.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

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

/** Processes with a recorded start: what all rules of a scope share, and never changes while they run. */
export class ProcessStarts {
  /** Endpoint -> GUID -> process. */
  readonly #byGuid = new Map<number, Map<string, StoredProcess>>()
  /** Endpoint -> PID -> processes in the order of their starts; mostly one. */
  readonly #byPid = new Map<number, Map<number, StoredProcess | StoredProcess[]>>()
  readonly #recall: EventRecall
  /** In time order. */
  readonly started: StoredProcess[] = []
  readonly #view: CorrelationView
  #byEndpoint: Map<number, StoredProcess[]> | undefined

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
    const keys = new Map<StoredProcess, string>()
    const keyOf = (fact: StoredProcess): string => {
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
    const fact = new StoredProcess(this.#view.entity(endpointId), event, fields.pid ?? null, this.#recall)
    this.started.push(fact)
    if (guid !== undefined) this.#nameBy(endpointId, guid, fact)
    if (fields.pid !== undefined) this.#remember(endpointId, fields.pid, fact)
  }

  #nameBy(endpointId: number, guid: string, fact: StoredProcess): void {
    const guids = this.#byGuid.get(endpointId)
    if (guids) guids.set(guid, fact)
    else this.#byGuid.set(endpointId, new Map([[guid, fact]]))
  }

  #withPid(endpointId: number, pid: number): readonly StoredProcess[] {
    const list = this.#byPid.get(endpointId)?.get(pid)
    return list === undefined ? NO_PROCESSES : Array.isArray(list) ? list : [list]
  }

  /** Starts come in time order, so what lies near in time lies at the end of its list or close to where it would stand. */
  #twinOf(event: ViewEvent, endpointId: number): StoredProcess | undefined {
    const { at } = event
    const { pid, processGuid: guid, processPath: path = '' } = event.fields
    if (pid === undefined || at === null) return undefined
    const list = this.#withPid(endpointId, pid)
    for (let index = firstFrom(list, at - SAME_START_US); index < list.length; index += 1) {
      const other = list[index]
      if (!other || other.startAt === null || other.startAt > at + SAME_START_US) break
      if (
        (guid === undefined || (other.guid !== null && isOtherMake(guid, other.guid))) &&
        programName(other.path) === programName(path)
      )
        return other
    }
    return undefined
  }

  #remember(endpointId: number, pid: number, fact: StoredProcess): void {
    const pids = this.#byPid.get(endpointId) ?? new Map<number, StoredProcess | StoredProcess[]>()
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

  on(endpointId: number): readonly StoredProcess[] {
    if (this.#byEndpoint === undefined) {
      this.#byEndpoint = new Map<number, StoredProcess[]>()
      for (const fact of this.started) {
        const list = this.#byEndpoint.get(fact.endpointId)
        if (list) list.push(fact)
        else this.#byEndpoint.set(fact.endpointId, [fact])
      }
    }
    return this.#byEndpoint.get(endpointId) ?? NO_PROCESSES
  }

  /** The process with this GUID, else the one that had this PID at the time. */
  find(
    endpointId: number | null,
    guid: string | undefined,
    pid: number | undefined,
    at: number | null,
  ): StoredProcess | undefined {
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
const NO_PROCESSES: readonly StoredProcess[] = []

/** Place of the first fact that started at the time or later; those without a time stand first. */
function firstFrom(list: readonly StoredProcess[], at: number): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((list[middle]?.startAt ?? Number.NEGATIVE_INFINITY) < at) low = middle + 1
    else high = middle
  }
  return low
}
