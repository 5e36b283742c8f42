import { kindAt, type PackedNetwork } from '../graph/packed-network.ts'
import type { EntityFacts } from './entity-facts.ts'
import type { Gathered } from './gather.ts'
import type { Seed } from './seed.ts'
import { endpointOf } from './walks.ts'

/** A task that was set up runs its program within this time, else it may be any start of that program (microseconds). */
const RUNS_WITHIN = 24 * 3_600_000_000

interface Task {
  /** In lower case, without the quotes around its program. */
  readonly command: string
  readonly element: number
  readonly at: number
}

/**
 * Joins a scheduled task to the program it names, started on the same endpoint after the task was set up: no step leads from a task to
 * its program, which the scheduler starts.
 */
export function joinByTask(
  network: PackedNetwork,
  facts: EntityFacts,
  { clusters, things }: Gathered,
  seeds: readonly Seed[],
): void {
  const tasks = new Map<string, Task[]>()
  for (const [place, seed] of seeds.entries()) {
    if (seed.relation < 0 || seed.at === null) continue
    if (kindAt(network.kinds[seed.relation] ?? 0) !== 'created-task') continue
    const { attributes } = facts.of(network.to[seed.relation] ?? 0)
    const command = String(attributes.get('command') ?? '')
      .trim()
      .replace(/^"([^"]*)"/, '$1')
      .toLowerCase()
    const endpoint = String(attributes.get('endpoint') ?? '')
    if (command === '' || endpoint === '') continue
    const list = tasks.get(endpoint) ?? []
    tasks.set(endpoint, list)
    list.push({ command, element: network.entities.length + place, at: seed.at })
  }
  if (tasks.size === 0) return
  for (const node of things) {
    const { kind, firstSeen, attributes } = facts.of(node)
    const path = String(attributes.get('path') ?? '').toLowerCase()
    if (kind !== 'process' || firstSeen === null || path === '') continue
    const endpoint = endpointOf(network, facts, node)
    const task = tasks
      .get(endpoint === undefined ? '' : facts.of(endpoint).name)
      ?.findLast(
        ({ command, at }) => isProgramOf(command, path) && at <= firstSeen && firstSeen - at <= RUNS_WITHIN,
      )
    if (task) clusters.join(task.element, node)
  }
}

/** Whether a command begins with the path of a program, whole. */
const isProgramOf = (command: string, path: string): boolean =>
  command.startsWith(path) && /^(?:[\s"]|$)/.test(command.slice(path.length))
