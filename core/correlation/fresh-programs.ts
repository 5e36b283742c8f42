import { programOf } from './command-line.ts'
import type { CommandSign } from './command-signs.ts'
import { useOf } from './file-names.ts'
import { isBrowser, isMailClient } from './mail-programs.ts'
import { documentProgramOf, isShell } from './office-programs.ts'
import type { DetectionLevel } from '../model/detection.ts'
import { placeOf } from './hiding-places.ts'
import type { ProcessIndex } from './process-index.ts'
import type { CorrelationView } from './view.ts'

/** A program set to start again within a day of its writing belongs to the same deed. */
const FRESH_US = 86_400_000_000
/** Written programs remembered; more are a rollout. Attack: a loop that writes programs under new names. */
const MAX_WRITTEN = 200_000

/** endpoint|path -> when a shell, browser, mail client or document program wrote it; made once per index of processes. */
const byIndex = new WeakMap<ProcessIndex, Map<string, number[]>>()

function writtenBy(view: CorrelationView): Map<string, number[]> {
  const known = byIndex.get(view.processes)
  if (known) return known
  const written = new Map<string, number[]>()
  for (const event of view.events(['file-create'], ['target', 'processPath', 'action'])) {
    const { target, processPath, action } = event.fields
    if (event.endpointId === null || event.at === null || target === undefined || processPath === undefined)
      continue
    const use = useOf(target)
    if (action === 'blocked' || (use !== 'program' && use !== 'script' && use !== 'library')) continue
    const isOdd =
      isShell(processPath) ||
      isBrowser(processPath) ||
      isMailClient(processPath) ||
      documentProgramOf(processPath) !== undefined ||
      placeOf(processPath) === 'hiding'
    if (!isOdd || written.size >= MAX_WRITTEN) continue
    const key = `${event.endpointId}|${target.toLowerCase()}`
    const times = written.get(key)
    if (times) times.push(event.at)
    else written.set(key, [event.at])
  }
  byIndex.set(view.processes, written)
  return written
}

/**
 * A judged command once more: a program outside the installed ones weighs much when a shell, browser or document had just
 * written it.
 */
export function weighFresh<J extends { sign?: CommandSign; level: DetectionLevel; confidence: number }>(
  view: CorrelationView,
  endpointId: number,
  at: number | null,
  command: string | undefined,
  judged: J | undefined,
): J | undefined {
  if (judged?.sign !== 'user_place' || command === undefined || at === null) return judged
  const program = programOf(command)
  const times =
    program === undefined ? undefined : writtenBy(view).get(`${endpointId}|${program.toLowerCase()}`)
  return times?.some((written) => written <= at && at - written <= FRESH_US) === true
    ? { ...judged, sign: 'fresh', level: 'high', confidence: 0.85 }
    : judged
}
