import { baseName } from '../normalise/path.ts'
import type { ProcessFact, ProcessIndex } from './process-index.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

/** A PowerShell that runs longer than this is a console or a service; its start may be long gone. */
const LOOK_BACK_US = 12 * 3_600_000_000
const HOSTS = new Set(['powershell.exe', 'pwsh.exe', 'powershell_ise.exe', 'wsmprovhost.exe'])

export const isScriptHost = (path: string): boolean => HOSTS.has(baseName(path).toLowerCase())

/** Script hosts by endpoint, in the order of their starts; made once per index of processes. */
const byIndex = new WeakMap<ProcessIndex, Map<number, ProcessFact[]>>()

function hostsOn(view: CorrelationView, endpointId: number): readonly ProcessFact[] {
  const { processes } = view
  let hosts = byIndex.get(processes)
  if (!hosts) {
    hosts = new Map()
    for (const process of processes.started) {
      if (!isScriptHost(process.path)) continue
      const list = hosts.get(process.endpointId)
      if (list) list.push(process)
      else hosts.set(process.endpointId, [process])
    }
    byIndex.set(processes, hosts)
  }
  return hosts.get(endpointId) ?? []
}

/** Hosts looked at before a record is given up: a machine that starts one PowerShell a second has no "the one". */
const MAX_LOOKED_AT = 200

/**
 * The process a script ran in. Newer logs carry the id of the process that wrote the record; without it, the one
 * PowerShell of that user running at the time; undefined when none or several were.
 */
export function scriptProcess(
  view: CorrelationView,
  event: ViewEvent,
): { process: ProcessFact; isNamed: boolean } | undefined {
  const { at, userId, endpointId } = event
  if (at === null || endpointId === null) return undefined
  const { pid, processGuid } = event.fields
  const named = view.processes.find(endpointId, processGuid, pid, at)
  if (named && (isScriptHost(named.path) || processGuid !== undefined))
    return { process: named, isNamed: true }
  // A record that names a process which is not known ran in none of the known ones.
  if (pid !== undefined && pid !== 0) return undefined
  const hosts = hostsOn(view, endpointId)
  let low = 0
  let high = hosts.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((hosts[middle]?.startAt ?? 0) <= at) low = middle + 1
    else high = middle
  }
  let running: ProcessFact | undefined
  for (let index = low - 1; index >= Math.max(0, low - MAX_LOOKED_AT); index -= 1) {
    const host = hosts[index]
    if (!host || (host.startAt ?? 0) < at - LOOK_BACK_US) break
    const isRunning =
      (host.endAt === null || host.endAt >= at) &&
      (userId === null || host.userId === null || host.userId === userId)
    if (isRunning && running) return undefined
    if (isRunning) running = host
  }
  return running && { process: running, isNamed: false }
}
