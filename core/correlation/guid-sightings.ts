import type { ProcessStarts } from './process-starts.ts'
import type { CorrelationView } from './view.ts'

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
 * GUIDs that records give to processes without a recorded start, by PID and program: a log without GUIDs that names the same PID
 * and program means the same process. Those of an endpoint are listed when one is first asked for.
 */
export class GuidSightings {
  readonly #view: CorrelationView
  readonly #starts: ProcessStarts
  readonly #guids = new Map<number, Map<string, Sighting[]>>()

  constructor(view: CorrelationView, starts: ProcessStarts) {
    this.#view = view
    this.#starts = starts
  }

  /** The GUID a process of this PID and program is called by elsewhere: the last one seen before, else the first after. */
  find(endpointId: number, byWords: string, at: number | null): string | undefined {
    const list = this.#on(endpointId).get(byWords)
    return (list?.findLast((one) => one.first <= (at ?? 0)) ?? list?.[0])?.guid
  }

  #on(endpointId: number): Map<string, Sighting[]> {
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
