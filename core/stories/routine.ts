import { kindAt, type PackedNetwork } from '../graph/packed-network.ts'
import type { EntityFacts } from './entity-facts.ts'
import type { Gathered } from './gather.ts'
import { isInstalledPath, isScriptHost, isStarter } from './programs.ts'
import { LEVEL_SIGNS, type Seed } from './seed.ts'
import { endpointOf } from './walks.ts'

const DAY = 86_400_000_000
/** What a timer sets off comes at the same time of the day (microseconds). */
const SAME_TIME = 15 * 60_000_000
/** From one day to another, whatever the clock was set to. */
const NEXT_DAY = 20 * 3_600_000_000
/** Services that are there to run whatever they are told: that one was installed yesterday as well says nothing. */
const SHELLS = /^(?:psexe?svc|paexec.*|remcom.*|csexec.*|winexesvc|smbexec.*|btobto|winrshost)(?:\.exe)?$/i

interface Run {
  readonly place: number
  readonly key: string
  readonly times: readonly number[]
}

/**
 * Takes the weight from what recurs: an installed program that one endpoint runs on others at the same time of another day as well, a
 * service that is installed anew every night (backups, inventories). It is told, as one matter, and is the cause of nothing that comes
 * after it. Not what a rule speaks of, what lies where everybody may write, nor what runs anything for anybody.
 */
export function withoutRoutine(
  network: PackedNetwork,
  facts: EntityFacts,
  seeds: readonly Seed[],
): readonly Seed[] {
  const spoken = new Set(
    seeds.flatMap(({ detection, weight, nodes }) =>
      detection >= 0 && weight > LEVEL_SIGNS.low.weight ? nodes : [],
    ),
  )
  const runs = seeds.flatMap((seed, place) => runOf(network, facts, seed, place, spoken) ?? [])
  const routine = new Map<number, string>()
  for (const [key, same] of Map.groupBy(runs, (run) => run.key)) {
    const all = same.flatMap(({ times }) => times)
    for (const { place, times } of same)
      if (times.every((at) => all.some((other) => isTimed(at, other)))) routine.set(place, key)
  }
  if (routine.size === 0) return seeds
  return seeds.map((seed, place) => {
    const key = routine.get(place)
    return key === undefined ? seed : { ...seed, weight: 0, routine: key }
  })
}

/** Joins what recurs to what it recurs as: one nightly job is one matter. */
export function joinRoutine(network: PackedNetwork, { clusters }: Gathered, seeds: readonly Seed[]): void {
  const first = new Map<string, number>()
  for (const [place, { routine }] of seeds.entries()) {
    if (routine === undefined) continue
    const element = network.entities.length + place
    const before = first.get(routine)
    if (before === undefined) first.set(routine, element)
    else clusters.join(before, element)
  }
}

function runOf(
  network: PackedNetwork,
  facts: EntityFacts,
  { relation, at }: Seed,
  place: number,
  spoken: ReadonlySet<number>,
): Run | undefined {
  if (relation < 0 || at === null) return undefined
  const [source, done] = [network.from[relation] ?? 0, network.to[relation] ?? 0]
  const { kind, name, attributes } = facts.of(done)
  if (spoken.has(done) || SHELLS.test(name)) return undefined
  const times = [...network.uses.subarray(network.useStart[relation], network.useStart[relation + 1])]
  const wanted = kindAt(network.kinds[relation] ?? 0)
  if (wanted === 'installed-service' && facts.of(source).kind === 'endpoint')
    return { place, key: `service|${source}|${done}`, times }
  if (wanted !== 'remote-execution' || kind !== 'process') return undefined
  const path = String(attributes.get('path') ?? '').toLowerCase()
  if (!isInstalledPath(path) || isScriptHost(name) || isStarter(name)) return undefined
  return { place, key: `run|${endpointOf(network, facts, source) ?? source}|${path}`, times }
}

/** Whether two runs are of different days and of one time of the day. */
function isTimed(one: number, other: number): boolean {
  const apart = Math.abs(one - other)
  const beside = apart % DAY
  return apart >= NEXT_DAY && Math.min(beside, DAY - beside) <= SAME_TIME
}
