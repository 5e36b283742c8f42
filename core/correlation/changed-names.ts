import { baseName } from '../normalise/path.ts'
import type { ProcessFact } from './process-index.ts'
import type { EntityDraft } from './rule.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

/** Where Windows keeps its programs, also while it installs or updates itself, in images and in layers of containers. */
export const HOMES =
  /^(?:[a-z]:|\\device\\harddiskvolume\d+)?\\(?:windows(?:\.old)?\\(?:system32|syswow64|sysarm32|winsxs|servicing|softwaredistribution|systemtemp|uus|explorer\.exe|notepad\.exe|immersivecontrolpanel|microsoft\.net)|\$windows\.~bt|\$winreagent|programdata\\docker\\|programdata\\microsoft\\windows\\containers)|\\windows\\(?:system32|syswow64|winsxs)\\/i

export const isFullPath = (path: string): boolean => /^(?:[a-z]:\\|\\device\\|\\\\)/i.test(path)

/**
 * After a process ended its PID goes to another one, and Sysmon may write the old id beside the new program until it knows of it: seen
 * fourteen seconds later. Programs that take another name do so at once, before they ask for anything.
 */
const SOON_US = 5_000_000

/** A process that began to call itself a part of Windows. */
export interface ChangedName {
  readonly subject: EntityDraft
  readonly endpointId: number
  /** The sensor's id of it. */
  readonly id: string
  /** Path of the program it was, and of the one it says it is. */
  readonly before: string
  readonly name: string
  readonly event: ViewEvent
}

/**
 * A sensor gives a process its id once. Where records of one id first name a program from outside of Windows and later a part of Windows,
 * the program overwrote what it is called in its own memory, for which elevation without asking looks. Each process once.
 */
export function* changedNames(view: CorrelationView): Generator<ChangedName> {
  const outside = new Map<string, { path: string; at: number }>()
  const told = new Set<string>()
  const fields = ['processPath', 'processGuid', 'pid', 'target', 'targetGuid', 'targetPid'] as const
  for (const event of view.events(
    ['process-start', 'process-end', 'process-access', 'remote-thread'],
    fields,
  )) {
    const { processPath, processGuid, target, targetGuid } = event.fields
    if (event.kind === 'process-end') {
      outside.delete(processGuid ?? '')
      continue
    }
    const named = [[processGuid, processPath] as const]
    if (event.kind !== 'process-start') named.push([targetGuid, target])
    for (const [id, path] of named) {
      if (id === undefined || path === undefined || event.endpointId === null || event.at === null) continue
      if (!isFullPath(path)) continue
      if (!HOMES.test(path)) {
        outside.set(id, { path, at: event.at })
        continue
      }
      const was = outside.get(id)
      if (was === undefined || event.at - was.at > SOON_US) continue
      const before = was.path
      const isOther = baseName(path).toLowerCase() !== baseName(before).toLowerCase()
      if (!isOther || told.has(id)) continue
      const found = id === processGuid ? view.processes.actorOf(event) : view.processes.targetOf(event)
      if (!found) continue
      told.add(id)
      yield { subject: asItWas(found, before), endpointId: event.endpointId, id, before, name: path, event }
    }
  }
}

/** Without a recorded start the process is called by this record, which has the changed name. */
const asItWas = ({ event, draft }: ProcessFact, before: string): EntityDraft =>
  event ? draft : { ...draft, name: baseName(before), attributes: { ...draft.attributes, path: before } }
