import { baseName } from '../normalise/path.ts'
import { useOf } from './file-names.ts'
import { placeOf } from './hiding-places.ts'
import type { ProcessFact, ProcessIndex } from './process-index.ts'
import type { CorrelationView } from './view.ts'

/** A program that writes a library and registers it at once does both in minutes. */
const SHORTLY_US = 600_000_000
/** Written libraries remembered. Attack: a loop that writes them under new names. */
const MAX_WRITTEN = 200_000

interface Write {
  readonly at: number
  readonly writer: string
}

/** endpoint|path -> who wrote it; made once per index of processes, when somebody asks. */
const byIndex = new WeakMap<ProcessIndex, Map<string, Write>>()

function writesOf(view: CorrelationView): Map<string, Write> {
  const known = byIndex.get(view.processes)
  if (known) return known
  const found = new Map<string, Write>()
  const fields = ['target', 'processPath', 'pid', 'processGuid', 'action'] as const
  for (const event of view.events(['file-create'], fields)) {
    const { target, action, processPath = '' } = event.fields
    if (event.endpointId === null || event.at === null || target === undefined || action === 'blocked')
      continue
    const use = useOf(target)
    if ((use !== 'library' && use !== 'program') || isInstaller(processPath)) continue
    const writer = view.processes.actorOf(event)?.draft.key
    const key = `${event.endpointId}|${target.toLowerCase()}`
    if (writer !== undefined && (found.size < MAX_WRITTEN || found.has(key)))
      found.set(key, { at: event.at, writer })
  }
  byIndex.set(view.processes, found)
  return found
}

/** Installers write libraries and register them for a living; so do products that keep themselves up to date. */
const isInstaller = (path: string): boolean =>
  ['system', 'user-installed'].includes(placeOf(path)) ||
  /setup|install|update|msiexec|\.tmp$|-web\b/i.test(baseName(path))

/** Whether the process that did something at a time had itself written the file shortly before, and is no installer. */
export function wroteItself(
  view: CorrelationView,
  process: ProcessFact | undefined,
  endpointId: number,
  path: string,
  at: number | null,
): boolean {
  if (process === undefined || at === null) return false
  const write = writesOf(view).get(`${endpointId}|${path.toLowerCase()}`)
  return (
    write !== undefined && write.writer === process.draft.key && write.at <= at && at - write.at <= SHORTLY_US
  )
}
